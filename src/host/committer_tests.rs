use super::*;
use crate::store::Visit;
use std::io::Write;
use std::sync::mpsc::{self, Receiver, Sender};

/// Takes batches and completes none: the test does that. Tells the test when it is closed and when it is dropped.
struct Silent(Sender<&'static str>);

impl Drop for Silent {
    fn drop(&mut self) {
        let _ = self.0.send("dropped");
    }
}

impl Store for Silent {
    fn commit(&mut self, _: &Batch, _: Durability) -> Result<(), StoreError> {
        unreachable!("batches are submitted")
    }

    fn submit(
        &mut self,
        _: CommitNumber,
        _: &Batch,
        _: Durability,
        _: &Arc<Commits>,
    ) -> Result<(), StoreError> {
        Ok(())
    }

    fn is_synchronous(&self) -> bool {
        false
    }

    fn scan(&self, _: &mut Visit<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    fn replace_all(&mut self, _: &Batch) -> Result<(), StoreError> {
        Ok(())
    }

    fn close(self: Box<Self>) -> Result<(), StoreError> {
        let _ = self.0.send("closed");
        Ok(())
    }
}

/// Returns a committer over a store that completes nothing, and what happens to that store.
fn committer() -> (Committer, Receiver<&'static str>) {
    let (told, happened) = mpsc::channel();
    (Committer::new(Box::new(Silent(told)), None), happened)
}

/// Makes the committer submit a batch of one record.
fn submit(committer: &mut Committer, value: &[u8]) {
    committer.commit_with(|batch| batch.put(b"key", value));
}

/// Returns how many bytes such a batch has.
fn batch_bytes(value: &[u8]) -> usize {
    let mut batch = Batch::new();
    batch.put(b"key", value);
    batch.encoded_bytes()
}

#[test]
fn at_most_1024_batches_are_outstanding() {
    let (mut committer, _store) = committer();
    for number in 1..=1024 {
        assert!(committer.has_room(), "before commit {number}");
        submit(&mut committer, b"");
    }
    assert!(!committer.has_room());
    // Those above the first one do not count before it is complete: nothing may leave.
    (2..=1024).for_each(|number| committer.commits.complete(number));
    assert!(!committer.has_room());
    committer.commits.complete(1);
    assert!(committer.has_room());
    assert_eq!((committer.outstanding.len(), committer.outstanding_bytes), (0, 0));
}

#[test]
fn one_completion_makes_room_for_one_batch() {
    let (mut committer, _store) = committer();
    (0..1024).for_each(|_| submit(&mut committer, b""));
    for number in 1..=10 {
        assert!(!committer.has_room());
        committer.commits.complete(number);
        assert!(committer.has_room());
        submit(&mut committer, b"");
    }
}

#[test]
fn at_most_64_mib_are_outstanding() {
    let (mut committer, _store) = committer();
    // With its head, a batch takes somewhat more than 8 MiB: the eighth goes past the limit.
    let value = vec![0; 8 << 20];
    for number in 1..=8 {
        assert!(committer.has_room(), "before commit {number}");
        submit(&mut committer, &value);
    }
    assert!(!committer.has_room());
    assert_eq!(committer.outstanding_bytes, 8 * batch_bytes(&value));
    committer.commits.complete(1);
    assert!(committer.has_room());
    assert_eq!(committer.outstanding_bytes, 7 * batch_bytes(&value));
}

#[test]
fn the_last_byte_counts() {
    let (mut committer, _store) = committer();
    let head = batch_bytes(&[0; 1 << 20]) - (1 << 20);
    (0..63).for_each(|_| submit(&mut committer, &vec![0; (1 << 20) - head]));
    submit(&mut committer, &vec![0; (1 << 20) - head - 1]);
    assert_eq!(committer.outstanding_bytes, (64 << 20) - 1);
    assert!(committer.has_room());
    submit(&mut committer, b"");
    assert!(!committer.has_room());
}

/// What [`Pipeline`] says is what its committer says.
#[test]
fn a_pipeline_is_full_when_its_committer_is() {
    let (mut committer, _store) = committer();
    (0..1024).for_each(|_| submit(&mut committer, b""));
    let pipeline = Pipeline::new(committer);
    assert!(!pipeline.has_room());
    pipeline.commits().complete(1);
    assert!(pipeline.has_room());
}

/// Runs `act`, and returns the lines that it logs.
fn logged(act: impl FnOnce()) -> String {
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    tracing::subscriber::with_default(subscriber, act);
    let lines = lines.0.lock().unwrap();
    String::from_utf8(lines.clone()).unwrap()
}

#[test]
fn a_store_that_is_complete_is_closed() {
    let (mut committer, store) = committer();
    (0..3).for_each(|_| submit(&mut committer, b""));
    [3, 1, 2].into_iter().for_each(|number| committer.commits.complete(number));
    assert_eq!(logged(|| assert!(committer.close_within(Duration::ZERO))), "");
    assert_eq!(store.iter().collect::<Vec<_>>(), ["closed", "dropped"]);
}

/// The end does not wait for a store that completes nothing, and does not mark it.
#[test]
fn a_store_that_does_not_complete_in_time_is_not_closed() {
    let (mut committer, store) = committer();
    (0..3).for_each(|_| submit(&mut committer, b""));
    committer.commits.complete(1);
    let said = logged(|| assert!(!committer.close_within(Duration::ZERO)));
    assert_eq!(store.iter().collect::<Vec<_>>(), ["dropped"]);
    assert!(said.contains("ERROR") && said.contains("outstanding=2"), "{said}");
    assert!(said.contains("not marked as closed"), "{said}");
}

/// The end waits for what is outstanding as long as its patience lasts.
#[test]
fn what_completes_in_time_is_waited_for() {
    let (mut committer, store) = committer();
    submit(&mut committer, b"");
    let commits = committer.commits.clone();
    let end = std::thread::spawn(move || committer.close_within(Duration::from_secs(3600)));
    // Whether the other thread waits already or not: it ends when this is complete.
    commits.complete(1);
    assert!(end.join().unwrap());
    assert_eq!(store.iter().collect::<Vec<_>>(), ["closed", "dropped"]);
}
