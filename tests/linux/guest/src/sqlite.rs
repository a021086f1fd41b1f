//! SQLite in rollback-journal mode: byte-range locks far beyond the end of the file, journals created and deleted.

use std::time::Duration;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use crate::reply::{Args, Reply, Trouble};

/// Patience of a writer; much more than any writer holds the database.
const BUSY: Duration = Duration::from_secs(150);

/// `sqlite create PATH`, `sqlite insert PATH WHO COUNT`, `sqlite check PATH`.
pub fn run(args: &mut Args<'_>) -> Reply {
    let action = args.word()?;
    let mut connection = Connection::open(args.word()?)?;
    connection.busy_timeout(BUSY)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
    if mode != "delete" {
        return Err(Trouble::new(format!("the journal mode is {mode}")));
    }
    match action {
        "create" => create(&connection),
        "insert" => insert(&mut connection, args.number()?, args.number()?),
        "check" => check(&connection),
        other => Err(Trouble::new(format!("unknown command sqlite {other}"))),
    }
}

fn create(connection: &Connection) -> Reply {
    connection.execute_batch(
        "CREATE TABLE entry (writer INTEGER, number INTEGER, filler TEXT, UNIQUE (writer, number));
         CREATE TABLE total (count INTEGER);
         INSERT INTO total VALUES (0);",
    )?;
    Ok(String::new())
}

/// Each row is a transaction of its own that also increments a total read within it.
fn insert(connection: &mut Connection, writer: u32, count: u32) -> Reply {
    for number in 0..count {
        while !insert_one(connection, writer, number)? {}
    }
    Ok(String::new())
}

/// False when the database stayed busy and the transaction was rolled back.
fn insert_one(connection: &mut Connection, writer: u32, number: u32) -> Result<bool, Trouble> {
    let mut attempt = || -> rusqlite::Result<()> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let count: i64 = transaction.query_row("SELECT count FROM total", [], |row| row.get(0))?;
        transaction.execute(
            "INSERT INTO entry VALUES (?1, ?2, ?3)",
            (writer, number, "x".repeat(100 + number as usize)),
        )?;
        transaction.execute("UPDATE total SET count = ?1", [count + 1])?;
        transaction.commit()
    };
    match attempt() {
        Ok(()) => Ok(true),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// `INTEGRITY ROWS TOTAL`.
fn check(connection: &Connection) -> Reply {
    let integrity: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    let rows: i64 = connection.query_row("SELECT count(*) FROM entry", [], |row| row.get(0))?;
    let total: i64 = connection.query_row("SELECT count FROM total", [], |row| row.get(0))?;
    Ok(format!("{} {rows} {total}", integrity.replace(' ', "_")))
}
