//! Linked lists of RFC 4506 §4.19 as arrays. Generated code calls this for them; a loop, because a list from a network
//! may be as long as its sender likes and would otherwise use up the stack.

use xdr_codec::{Error, ErrorKind, Pack, Read, Result, Unpack, Write};

/// Writes each element behind a `TRUE`, then `FALSE`. Gives the count of bytes.
pub(super) fn pack<Out: Write, T: Pack<Out>>(list: &[T], max: usize, out: &mut Out) -> Result<usize> {
    if list.len() > max {
        return Err(ErrorKind::InvalidLen(max).into());
    }
    let mut bytes = 0;
    for element in list {
        bytes += true.pack(out)? + element.pack(out)?;
    }
    Ok(bytes + false.pack(out)?)
}

/// Reads elements until there is no further one. Gives them, and the count of bytes.
///
/// Errors: what reading an element gives; `InvalidLen` when there are more than `max`.
pub(super) fn unpack<In: Read, T: Unpack<In>>(input: &mut In, max: usize) -> Result<(Vec<T>, usize)> {
    let (mut list, mut bytes) = (Vec::new(), 0);
    loop {
        let (more, size): (bool, _) = Unpack::unpack(input)?;
        bytes += size;
        if !more {
            return Ok((list, bytes));
        }
        if list.len() == max {
            return Err(Error::from(ErrorKind::InvalidLen(max)));
        }
        let (element, size) = Unpack::unpack(input)?;
        bytes += size;
        list.push(element);
    }
}
