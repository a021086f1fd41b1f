//! RFC 7530 §16.7, §16.32, §16.35, §16.15, §5: attributes.

use crate::support::{Place, refused, refused_with};
use lockhouse::client::attr::{Time, number};
use lockhouse::client::{Attributes, Credential, OpenRequest, op};
use lockhouse::nfs4::{Stateid, Status};

/// §5.6: every required attribute is there and said to be supported.
#[test]
fn required_attributes() {
    let place = Place::new();
    let required: Vec<u32> = (0..=number::RDATTR_ERROR).chain([number::FILEHANDLE]).collect();
    let asked: Vec<u32> = required.iter().copied().filter(|number| *number != number::RDATTR_ERROR).collect();
    let got = place.stranger().getattr(&place.dir, &asked).unwrap();
    assert_eq!(got.numbers().collect::<Vec<_>>(), asked);
    let supported = got.get_numbers(number::SUPPORTED_ATTRS).unwrap();
    assert!(required.iter().all(|number| supported.contains(number)), "{supported:?}");
    assert_eq!(got.get_opaque(number::FILEHANDLE), Some(place.dir.as_bytes()));
}

/// §16.7.4: what is supported and can be read is given; what is not supported is left out without an error.
#[test]
fn supported_attributes_are_given() {
    let place = Place::new();
    let mut client = place.stranger();
    let supported = client.getattr(&place.dir, &[0]).unwrap().get_numbers(0).unwrap();
    let readable: Vec<u32> = (0..56)
        .filter(|number| {
            ![number::RDATTR_ERROR, number::TIME_ACCESS_SET, number::TIME_MODIFY_SET].contains(number)
        })
        .collect();
    let got = client.getattr(&place.dir, &readable).unwrap();
    let want: Vec<u32> = readable.into_iter().filter(|number| supported.contains(number)).collect();
    assert_eq!(got.numbers().collect::<Vec<_>>(), want);
}

/// §16.7.4: attributes that nobody defines are left out as well.
#[test]
fn unknown_attributes_are_left_out() {
    let place = Place::new();
    let got = place.stranger().getattr(&place.dir, &[number::TYPE, 63, 94, 95, 130]).unwrap();
    assert_eq!(got.numbers().collect::<Vec<_>>(), [number::TYPE]);
    assert!(place.stranger().getattr(&place.dir, &[]).unwrap().numbers().next().is_none());
}

/// §5.5: attributes that can only be set cannot be read: `NFS4ERR_INVAL`.
#[test]
fn write_only_attributes() {
    let place = Place::new();
    for number in [number::TIME_ACCESS_SET, number::TIME_MODIFY_SET] {
        refused(place.stranger().getattr(&place.dir, &[number]), Status::Inval);
    }
}

/// §16.32.4: what is set is there afterwards, and is told in `attrsset`.
#[test]
fn what_is_set_is_there() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f");
    let time = Time { seconds: 1_000_000_000, nanoseconds: 0 };
    let set = Attributes::new().size(100).mode(0o4711).client_time(number::TIME_MODIFY_SET, time);
    let done = a.setattr(&file.filehandle, file.stateid, &set).unwrap();
    assert_eq!(done, [number::SIZE, number::MODE, number::TIME_MODIFY_SET]);
    let got = a.getattr(&file.filehandle, &[number::SIZE, number::MODE, number::TIME_MODIFY]).unwrap();
    assert_eq!(got.get_u64(number::SIZE), Some(100));
    assert_eq!(got.get_u32(number::MODE), Some(0o4711));
    assert_eq!(got.get_time(number::TIME_MODIFY), Some(time));
    a.setattr(&file.filehandle, file.stateid, &Attributes::new().server_time(number::TIME_MODIFY_SET))
        .unwrap();
    let got = a.getattr(&file.filehandle, &[number::TIME_MODIFY]).unwrap();
    assert!(got.get_time(number::TIME_MODIFY).unwrap() > time);
}

/// §16.32.4: what cannot be set, as the mode of a symbolic link on Linux, is not told to be set. pynfs sets it on whatever it is about
/// to remove, so it is no error.
#[test]
fn what_is_not_set_is_not_told_to_be() {
    let place = Place::new();
    let mut client = place.stranger();
    let link = client.symlink(&place.dir, "link", "target").unwrap();
    let told = client.setattr(&link, Stateid::ANONYMOUS, &Attributes::new().mode(0o600)).unwrap();
    let got = client.getattr(&link, &[number::MODE]).unwrap();
    // A server whose links have modes may set it.
    let is_set = got.get_u32(number::MODE) == Some(0o600);
    assert_eq!(told.contains(&number::MODE), is_set, "{told:?}");
    let time = Time { seconds: 1_000_000_000, nanoseconds: 0 };
    let both = Attributes::new().mode(0o644).client_time(number::TIME_MODIFY_SET, time);
    let told = client.setattr(&link, Stateid::ANONYMOUS, &both).unwrap();
    assert!(told.contains(&number::TIME_MODIFY_SET), "all else is set: {told:?}");
    assert_eq!(
        client.getattr(&link, &[number::TIME_MODIFY]).unwrap().get_time(number::TIME_MODIFY),
        Some(time)
    );
}

/// §16.32.4: the size cuts and grows the content.
#[test]
fn size_cuts_and_grows() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f");
    a.write(&file.filehandle, file.stateid, 0, b"0123456789").unwrap();
    a.setattr(&file.filehandle, file.stateid, &Attributes::new().size(4)).unwrap();
    a.setattr(&file.filehandle, file.stateid, &Attributes::new().size(6)).unwrap();
    assert_eq!(a.read(&file.filehandle, file.stateid, 0, 100).unwrap().data, b"0123\0\0");
}

/// §16.32.4: setting the size is a WRITE: the stateid must be one for writing, or the anonymous one.
#[test]
fn size_needs_a_stateid_for_writing() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f");
    let reader = a.open_as("reader", &OpenRequest::existing("f").share(1, 0)).unwrap();
    let size = Attributes::new().size(3);
    refused(a.setattr(&file.filehandle, reader.stateid, &size), Status::OpenMode);
    let wrong = Stateid { seqid: 1, other: [0x5a; 12] };
    refused_with(a.setattr(&file.filehandle, wrong, &size), &[Status::BadStateid, Status::StaleStateid]);
    a.setattr(&file.filehandle, Stateid::ANONYMOUS, &size).unwrap();
    refused_with(a.setattr(&place.dir, Stateid::ANONYMOUS, &size), &[Status::IsDir, Status::Inval]);
}

/// §16.32.4, §5.5: what cannot be set is `NFS4ERR_INVAL`, what is not supported is `NFS4ERR_ATTRNOTSUPP`.
#[test]
fn attributes_that_cannot_be_set() {
    let place = Place::new();
    let mut client = place.stranger();
    for read_only in [Attributes::new().u32(number::TYPE, 1), Attributes::new().u64(number::FILEID, 1)] {
        let result = client.setattr(&place.dir, Stateid::ANONYMOUS, &read_only);
        refused(result, Status::Inval);
    }
    let unknown = Attributes::new().u32(90, 1);
    refused(client.setattr(&place.dir, Stateid::ANONYMOUS, &unknown), Status::AttrNotSupp);
}

/// §16.32.4: values that do not fit their mask are `NFS4ERR_BADXDR`.
#[test]
fn values_must_fit_the_mask() {
    let place = Place::new();
    let mut client = place.stranger();
    for wrong in [
        Attributes::new().raw(number::MODE, &[]),
        Attributes::new().raw(number::MODE, &[0; 8]),
        Attributes::new().raw(number::SIZE, &[0; 4]),
        Attributes::new().raw(number::OWNER, &[0, 0, 0, 99, b'x', 0, 0, 0]),
    ] {
        let result = client.setattr(&place.dir, Stateid::ANONYMOUS, &wrong);
        refused_with(result, &[Status::BadXdr, Status::Inval]);
    }
}

/// §5.9: owners as decimal numbers work both ways; what is neither a number nor a known name is `NFS4ERR_BADOWNER`.
#[test]
fn owners_are_numbers() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f");
    let set = Attributes::new().text(number::OWNER, "1234").text(number::OWNER_GROUP, "4321");
    a.setattr(&file.filehandle, file.stateid, &set).unwrap();
    let got = a.getattr(&file.filehandle, &[number::OWNER, number::OWNER_GROUP]).unwrap();
    assert_eq!(got.get_opaque(number::OWNER), Some(&b"1234"[..]));
    assert_eq!(got.get_opaque(number::OWNER_GROUP), Some(&b"4321"[..]));
    for name in ["nobody-at-all@nowhere.invalid", "", "12x"] {
        let wrong = Attributes::new().text(number::OWNER, name);
        refused_with(a.setattr(&file.filehandle, file.stateid, &wrong), &[Status::BadOwner, Status::Inval]);
    }
}

/// §16.32 (NFS4ERR_PERM): only the owner changes the mode, only root the owner.
#[test]
fn permission_to_set() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f").filehandle;
    let mut user = place.actor_as("user", Credential::sys(4242, 4242));
    let mode = Attributes::new().mode(0o777);
    refused_with(user.setattr(&file, Stateid::ANONYMOUS, &mode), &[Status::Perm, Status::Access]);
    a.setattr(&file, Stateid::ANONYMOUS, &Attributes::new().text(number::OWNER, "4242")).unwrap();
    user.setattr(&file, Stateid::ANONYMOUS, &mode).unwrap();
    let give_away = Attributes::new().text(number::OWNER, "1");
    refused_with(user.setattr(&file, Stateid::ANONYMOUS, &give_away), &[Status::Perm, Status::Access]);
}

/// §16.35, §16.15: VERIFY goes on if all is the same, NVERIFY if something is not.
#[test]
fn verify_and_nverify() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f");
    let fh = op::putfh(&file.filehandle);
    let same =
        a.getattr(&file.filehandle, &[number::TYPE, number::SIZE, number::MODE, number::CHANGE]).unwrap();
    let other = Attributes::new().size(17);
    a.compound_ok(&[fh.clone(), op::verify(&same), op::getfh()]).unwrap();
    refused(a.compound_ok(&[fh.clone(), op::verify(&other), op::getfh()]), Status::NotSame);
    a.compound_ok(&[fh.clone(), op::nverify(&other), op::getfh()]).unwrap();
    refused(a.compound_ok(&[fh.clone(), op::nverify(&same), op::getfh()]), Status::Same);
    // Unsupported, and what cannot be read.
    let unknown = Attributes::new().u32(90, 1);
    let write_only = Attributes::new().server_time(number::TIME_MODIFY_SET);
    for check in [op::verify, op::nverify] {
        refused(a.compound_ok(&[fh.clone(), check(&unknown)]), Status::AttrNotSupp);
        refused(a.compound_ok(&[fh.clone(), check(&write_only)]), Status::Inval);
        refused(a.compound_ok(&[check(&same)]), Status::NoFilehandle);
    }
}

/// §5.8.1.4: `change` changes with content, attributes and entries, never without.
#[test]
fn change_changes() {
    let place = Place::new();
    let mut a = place.actor("a");
    let file = a.open_new("f");
    let mut last = None;
    let mut differs = |a: &mut crate::support::Actor, object: &lockhouse::nfs4::Filehandle| {
        let now = a.getattr(object, &[number::CHANGE]).unwrap().get_u64(number::CHANGE);
        std::mem::replace(&mut last, now) != now
    };
    assert!(differs(&mut a, &file.filehandle));
    assert!(!differs(&mut a, &file.filehandle));
    a.write(&file.filehandle, file.stateid, 0, b"x").unwrap();
    assert!(differs(&mut a, &file.filehandle));
    a.setattr(&file.filehandle, file.stateid, &Attributes::new().mode(0o600)).unwrap();
    assert!(differs(&mut a, &file.filehandle));
    differs(&mut a, &place.dir);
    a.mkdir(&place.dir, "d").unwrap();
    assert!(differs(&mut a, &place.dir));
}
