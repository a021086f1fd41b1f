//! The report as a table for people.

use super::ECHO;
use super::report::{Report, Row, Spread};
use std::collections::BTreeSet;

/// Formats the report: a line about what was done, a table, and what one should know.
pub fn table(report: &Report) -> String {
    let Report { workload, minor, connections, depth, bursts, runs, duration_seconds, .. } = report;
    let manner = if *bursts { "calls in a burst" } else { "calls in flight" };
    let mut out = format!(
        "{workload:?}, NFSv4.{minor}, {connections} x {depth} (connections x {manner}), {runs} x {duration_seconds} s\n\n"
    );
    let lines: Vec<_> =
        std::iter::once(head(report)).chain(report.rows.iter().map(|row| cells(report, row))).collect();
    out.push_str(&aligned(&lines));
    for row in report.rows.iter().filter(|row| !row.errors.is_empty()) {
        let errors: Vec<_> = row.errors.iter().map(|(name, count)| format!("{count} {name}")).collect();
        let name = format!("{} {}", row.target, row.case);
        out.push_str(&format!("\nerrors of {}: {}", name.trim_end(), errors.join(", ")));
    }
    for note in &report.notes {
        out.push_str(&format!("\n{note}"));
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Returns what the rows are compared with: the echo server and the first target.
fn references(report: &Report) -> (Option<&Row>, Option<&str>) {
    let echo = report.rows.iter().find(|row| row.target == ECHO).filter(|_| report.rows.len() > 1);
    let names: BTreeSet<_> = report.rows.iter().map(|row| &row.target).filter(|name| *name != ECHO).collect();
    let first = report.rows.iter().find(|row| row.target != ECHO).map(|row| row.target.as_str());
    (echo, first.filter(|_| names.len() > 1))
}

fn figure_names(report: &Report) -> BTreeSet<&String> {
    report.rows.iter().flat_map(|row| row.figures.keys()).collect()
}

fn head(report: &Report) -> Vec<String> {
    let mut head: Vec<String> =
        ["target", "case", "unit", "units/s", "p50 us", "p90", "p99", "p99.9", "max", "server CPU us/unit"]
            .map(str::to_owned)
            .into();
    let (echo, first) = references(report);
    if echo.is_some() {
        head.extend(["p50 / echo".to_owned(), "CPU / echo".to_owned()]);
    }
    if let Some(first) = first {
        head.extend([format!("rate / {first}"), format!("CPU / {first}")]);
    }
    head.extend(figure_names(report).into_iter().cloned());
    head.push("errors".to_owned());
    head
}

fn cells(report: &Report, row: &Row) -> Vec<String> {
    let latency = &row.latency_us;
    let mut cells =
        vec![row.target.clone(), row.case.clone(), row.unit.clone(), number(row.per_second.median)];
    let percentiles = [latency.p50, latency.p90, latency.p99, latency.p999, latency.max];
    cells.extend(percentiles.iter().map(|spread| number(spread.median)));
    cells.push(row.server_cpu_us.map_or("?".to_owned(), |cpu| spread(cpu, report.runs)));
    let (echo, first) = references(report);
    if let Some(echo) = echo {
        cells.push(ratio(Some(latency.p50), Some(echo.latency_us.p50)));
        cells.push(ratio(row.server_cpu_us, echo.server_cpu_us));
    }
    if let Some(first) = first {
        let same = |other: &&Row| other.target == first && other.case == row.case;
        let other = report.rows.iter().find(same);
        cells.push(ratio(Some(row.per_second), other.map(|other| other.per_second)));
        cells.push(ratio(row.server_cpu_us, other.and_then(|other| other.server_cpu_us)));
    }
    for name in figure_names(report) {
        cells.push(row.figures.get(name).map_or(String::new(), |figure| number(figure.median)));
    }
    cells.push(row.errors.values().sum::<u64>().to_string());
    cells
}

fn spread(spread: Spread, runs: usize) -> String {
    let Spread { median, min, max } = spread;
    match runs {
        1 => number(median),
        _ => format!("{} ({}..{})", number(median), number(min), number(max)),
    }
}

fn ratio(of: Option<Spread>, to: Option<Spread>) -> String {
    match (of, to) {
        (Some(of), Some(to)) if to.median > 0.0 => format!("{:.2}", of.median / to.median),
        _ => "?".to_owned(),
    }
}

/// Writes about three significant digits, with thousands separated.
fn number(value: f64) -> String {
    if value.abs() < 1000.0 {
        let decimals = if value.abs() < 10.0 { 2 } else { 1 };
        return format!("{value:.decimals$}");
    }
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Columns side by side: words to the left, numbers to the right. Empty columns are left out.
fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |line: &Vec<String>, column: usize| line.get(column).cloned().unwrap_or_default();
    let used: Vec<_> = (0..columns)
        .filter(|column| lines.iter().skip(1).any(|line| !cell(line, *column).is_empty()))
        .map(|column| {
            (column, lines.iter().map(|line| cell(line, column).chars().count()).max().unwrap_or(0))
        })
        .collect();
    let mut out = String::new();
    for line in lines {
        let cells = used.iter().map(|(column, width)| match column {
            0..=2 => format!("{:<width$}", cell(line, *column)),
            _ => format!("{:>width$}", cell(line, *column)),
        });
        out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    }
    out
}
