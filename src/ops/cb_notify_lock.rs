//! CB_NOTIFY_LOCK — RFC 8881 §20.11, in a CB_COMPOUND behind CB_SEQUENCE (§20.9): what is sent, what the answer says.
//!
//! Statuses: the client's; anything but OK means that nobody waits there.

use crate::nfs4::Status;
use crate::state::{CallbackAnswer, CallbackBody, CallbackCall};
use crate::xdr::Encoder;
use crate::xdr::decode::{Parsed, any_opaque, fixed, u32_};
use nom::Parser;

/// `OP_CB_SEQUENCE`.
const CB_SEQUENCE: u32 = 11;
/// `OP_CB_NOTIFY_LOCK`.
const CB_NOTIFY_LOCK: u32 = 13;

/// Encodes `call` as `CB_COMPOUND4args`.
pub fn encode(call: &CallbackCall) -> Vec<u8> {
    let mut out = Encoder::new();
    out.opaque(b"");
    out.u32(call.minor);
    // callback_ident is only for NFSv4.0.
    out.u32(0);
    out.u32(2);
    out.u32(CB_SEQUENCE);
    out.fixed(&call.sessionid.0);
    out.u32(call.sequenceid);
    out.u32(call.slotid);
    out.u32(call.highest_slotid);
    // A notice is harmless when it comes twice: nothing to cache, and no calls it refers to.
    out.bool(false);
    out.u32(0);
    match &call.body {
        CallbackBody::NotifyLock { fh, owner } => {
            out.u32(CB_NOTIFY_LOCK);
            out.opaque(fh.as_bytes());
            out.u64(owner.clientid.0);
            out.opaque(&owner.owner);
        }
    }
    out.into_vec()
}

/// Decodes a `CB_COMPOUND4res`.
pub fn decode(result: &[u8]) -> CallbackAnswer {
    match answer(result) {
        Ok((_, answer)) => answer,
        Err(_) => CallbackAnswer::Refused,
    }
}

fn answer(i: &[u8]) -> Parsed<'_, CallbackAnswer> {
    let (i, (_status, _tag, count)) = (u32_, any_opaque, u32_).parse(i)?;
    if count == 0 {
        return Ok((i, CallbackAnswer::Refused));
    }
    let (i, (sequence, status)) = (u32_, u32_).parse(i)?;
    if sequence != CB_SEQUENCE || status != Status::Ok.number() || count < 2 {
        return Ok((i, CallbackAnswer::Refused));
    }
    let (i, _) = (fixed::<16>, u32_, u32_, u32_, u32_).parse(i)?;
    let (i, (_, status)) = (u32_, u32_).parse(i)?;
    Ok((i, CallbackAnswer::Done(Status::from_number(status).unwrap_or(Status::ServerFault))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn an_answer_is_that_of_the_notice_if_the_sequence_was_right() {
        let sequence = [CB_SEQUENCE, 0, 1, 2, 3, 4, 5, 0, 0, 0];
        let done = [&[0, 0, 2][..], &sequence, &[CB_NOTIFY_LOCK, 0]].concat();
        assert_eq!(decode(&words(&done)), CallbackAnswer::Done(Status::Ok));
        let refused = [&[10001, 0, 2][..], &sequence, &[CB_NOTIFY_LOCK, 10001]].concat();
        assert_eq!(decode(&words(&refused)), CallbackAnswer::Done(Status::BadHandle));
        assert_eq!(decode(&words(&[10052, 0, 1, CB_SEQUENCE, 10052])), CallbackAnswer::Refused);
        assert_eq!(decode(&words(&[0, 0, 0])), CallbackAnswer::Refused);
        for cut in 0..done.len() {
            assert_eq!(decode(&words(&done[..cut])), CallbackAnswer::Refused, "{cut}");
        }
    }
}
