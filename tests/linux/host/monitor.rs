//! The emulator's control socket (QMP): what happens to a guest from outside of it.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use anyhow::bail;

/// The emulator answers at once unless the host is very busy.
const SILENCE_MAX: Duration = Duration::from_secs(60);

/// Plugs the guest's network cable in or pulls it; while it is out, every packet of either direction is lost.
pub fn set_link(socket: &Path, up: bool) -> anyhow::Result<()> {
    let stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(SILENCE_MAX))?;
    let mut replies = BufReader::new(stream.try_clone()?).lines();
    let command = format!(r#"{{"execute": "set_link", "arguments": {{"name": "net0", "up": {up}}}}}"#);
    for command in [r#"{"execute": "qmp_capabilities"}"#, &command] {
        writeln!(&stream, "{command}")?;
        // Greeting and events come in between.
        loop {
            match replies.next().transpose()? {
                Some(line) if line.contains(r#""return""#) => break,
                Some(line) if line.contains(r#""error""#) => bail!("{command}: {line}"),
                Some(_) => {}
                None => bail!("{command}: the emulator has hung up"),
            }
        }
    }
    Ok(())
}
