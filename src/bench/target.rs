//! Which servers are measured.

use super::OWN;
use std::str::FromStr;

/// Names a server and a directory of it: `[NAME=]HOST:PORT/PATH[@PID]`; or `own`, one that is started for the benchmark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What the report calls it.
    pub name: String,
    /// `HOST:PORT`; empty until a server is started.
    pub addr: String,
    /// Components of the directory, from the root.
    pub path: Vec<String>,
    /// Its process, if it is on this machine: for its processor time and memory.
    pub pid: Option<u32>,
}

impl Target {
    /// Names a server that is not started yet.
    pub fn own() -> Self {
        Self { name: OWN.to_owned(), addr: String::new(), path: Vec::new(), pid: None }
    }

    /// Returns whether it is to be started here.
    pub fn is_own(&self) -> bool {
        self.addr.is_empty()
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "own" {
            return Ok(Self::own());
        }
        let (place, pid) = match text.rsplit_once('@') {
            Some((place, pid)) => {
                (place, Some(pid.parse().map_err(|_| format!("{pid:?} is no process number"))?))
            }
            None => (text, None),
        };
        let (name, place) = match place.split_once('=') {
            Some((name, place)) => (Some(name), place),
            None => (None, place),
        };
        let (addr, path) = place.split_once('/').unwrap_or((place, ""));
        let port = addr.rsplit_once(':').filter(|(host, _)| !host.is_empty()).map(|(_, port)| port);
        if port.is_none_or(|port| port.parse::<u16>().is_err()) {
            return Err(format!("{text:?} is not [NAME=]HOST:PORT/PATH[@PID]"));
        }
        let path = path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        Ok(Self { name: name.unwrap_or(addr).to_owned(), addr: addr.to_owned(), path, pid })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms() {
        let parse = |text: &str| Target::from_str(text);
        let full = parse("gan=127.0.0.1:20555/tmp1/a@42").unwrap();
        assert_eq!((full.name.as_str(), full.addr.as_str(), full.pid), ("gan", "127.0.0.1:20555", Some(42)));
        assert_eq!(full.path, ["tmp1", "a"]);
        let short = parse("host:2049").unwrap();
        assert_eq!((short.name.as_str(), short.path.len(), short.pid), ("host:2049", 0, None));
        assert_eq!(parse("[::1]:2049/").unwrap().addr, "[::1]:2049");
        assert!(parse("own").unwrap().is_own() && !short.is_own());
        for bad in ["host", "host/path", ":2049/", "host:port/", "host:2049/@x"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
