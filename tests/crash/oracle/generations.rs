//! The lock generation of a file: it grows with each exclusive grant and with nothing else, also over restarts.

/// What was read last.
#[derive(Debug, Default)]
pub struct Generation(Option<Seen>);

#[derive(Clone, Copy, Debug)]
struct Seen {
    number: u64,
    exclusive_grants: u64,
}

impl Generation {
    /// It was read, after so many exclusive grants, while something held the file open all the time.
    /// Errors: it is not what it must be.
    pub fn saw(&mut self, number: u64, exclusive_grants: u64) -> Result<(), String> {
        let before = self.0.replace(Seen { number, exclusive_grants });
        let Some(before) = before else { return Ok(()) };
        let grants = exclusive_grants - before.exclusive_grants;
        let right = if grants == 0 { number == before.number } else { number > before.number };
        match right {
            true => Ok(()),
            false => Err(format!("{number} after {} and {grants} exclusive grants", before.number)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_with_grants_and_with_nothing_else() {
        let mut generation = Generation::default();
        generation.saw(10, 3).unwrap();
        generation.saw(10, 3).unwrap();
        generation.saw(12, 4).unwrap();
        generation.saw(12, 5).unwrap_err();
        generation.saw(13, 5).unwrap_err();
        generation.saw(9, 6).unwrap_err();
    }
}
