//! From samples to rows, JSON, table and picture.

use super::plan::{Holders, Leave, Plan, Workload};
use super::report::{Report, Spread};
use super::sample::Sample;
use super::svg::svg;
use super::table::table;
use super::tally::Tally;
use std::collections::BTreeMap;
use std::time::Duration;

fn plan(workload: Workload) -> Plan {
    Plan {
        workload,
        targets: Vec::new(),
        minor: 1,
        connections: 2,
        depth: 3,
        bursts: false,
        duration: Duration::from_secs(1),
        warmup: Duration::ZERO,
        runs: 3,
        echo: true,
        pin: false,
        held: vec![10],
        holders: vec![Holders::One],
        owners: 4,
        leave: Leave::Reboot,
        progress: false,
    }
}

/// A second with so many calls of so many microseconds each.
fn sample(target: &str, case: &str, calls: u64, micros: u64) -> Sample {
    let mut tally = Tally::default();
    (0..calls).for_each(|_| tally.unit(micros * 1000));
    tally.calls = calls;
    Sample {
        target: target.to_owned(),
        case: case.to_owned(),
        unit: "call",
        seconds: 1.0,
        tally,
        server_nanos: Some(calls * micros * 100),
        load_nanos: calls * 500,
        figures: BTreeMap::new(),
    }
}

fn report() -> Report {
    let mut report = Report::new(&plan(Workload::Pairs));
    let mut samples = Vec::new();
    for (echo, one, two) in [(10, 20, 40), (12, 30, 41), (11, 90, 42)] {
        samples.extend([
            sample("echo", "", 10, echo),
            sample("one", "", 20, one),
            sample("<two>", "", 5, two),
        ]);
    }
    samples[1].tally.error("NFS4ERR_DELAY");
    report.summarize(&samples);
    report
}

#[test]
fn a_spread_is_the_median_between_least_and_greatest() {
    assert_eq!(Spread::of([3.0, 1.0, 9.0]), Spread { median: 3.0, min: 1.0, max: 9.0 });
    assert_eq!(Spread::of([4.0, 1.0]), Spread { median: 2.5, min: 1.0, max: 4.0 });
    assert_eq!(Spread::of([]), Spread::default());
}

#[test]
fn runs_of_a_target_become_one_row() {
    let report = report();
    let rows: Vec<_> = report.rows.iter().map(|row| (row.target.as_str(), row.units)).collect();
    assert_eq!(rows, [("echo", 30), ("one", 60), ("<two>", 15)]);
    let one = &report.rows[1];
    assert_eq!((one.per_second.median, one.errors["NFS4ERR_DELAY"]), (20.0, 1));
    assert!((one.latency_us.p50.median - 30.0).abs() < 0.1 && (one.latency_us.p50.max - 90.0).abs() < 0.2);
    assert!((one.server_cpu_us.unwrap().median - 3.0).abs() < 1e-9);
    assert_eq!(report.error_count(), 1);
}

#[test]
fn json_comes_back_as_it_was() {
    let report = report();
    let json = serde_json::to_string(&report).unwrap();
    let back: Report = serde_json::from_str(&json).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), json);
}

#[test]
fn the_table_has_ratios_to_echo_and_to_the_first_target() {
    let text = table(&report());
    let line = |name: &str| text.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    for column in ["p50 / echo", "CPU / echo", "rate / one", "CPU / one", "errors"] {
        assert!(line("target").contains(column), "{text}");
    }
    assert!(line("one").contains("2.73") && line("one").contains("3.00 (2.00..9.00)"), "{text}");
    assert!(text.contains("errors of one: 1 NFS4ERR_DELAY"), "{text}");
    let widths: Vec<_> = text.lines().skip(2).take(4).map(str::len).collect();
    assert!(widths.iter().all(|width| *width == widths[0]), "{text}");
}

#[test]
fn pictures_have_a_line_for_each_row_and_escape_names() {
    let picture = svg(&report());
    assert_eq!(picture.matches("<polyline").count(), 3);
    assert!(picture.contains("&lt;two>") && !picture.contains("<two>") && !picture.contains("NaN"));
    let mut report = Report::new(&plan(Workload::Growth));
    let mut samples = Vec::new();
    for held in [10_u32, 1000] {
        let mut one = sample("one", &format!("{held}, one holder"), 10, 5);
        one.figures.insert("held", held.into());
        samples.push(one);
    }
    report.summarize(&samples);
    let picture = svg(&report);
    assert_eq!(picture.matches("<polyline").count(), 1 + 2);
    assert!(picture.contains("one N, one holder"));
}

#[test]
fn nothing_measured_is_no_reason_to_fail() {
    let mut report = Report::new(&plan(Workload::Pairs));
    report.summarize(&[sample("one", "", 0, 1)]);
    assert!(table(&report).contains("one") && svg(&report).starts_with("<svg"));
}

/// Left, right, top and bottom of a text, from its attributes; a letter is taken to be 7 pixels wide and 12 high.
fn extent(element: &str) -> [f64; 4] {
    let attribute = |name: &str| {
        let (_, after) = element.split_once(&format!("{name}=\""))?;
        Some(after.split_once('"')?.0.to_owned())
    };
    let (_, text) = element.split_once('>').unwrap();
    let width = 7.0 * text.chars().count() as f64;
    if let Some(transform) = attribute("transform") {
        let (at, _) = transform.strip_prefix("translate(").unwrap().split_once(')').unwrap();
        let (x, y) = at.split_once(' ').unwrap();
        let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
        return [x - 12.0, x, y - width / 2.0, y + width / 2.0];
    }
    let number = |name| attribute(name).unwrap().parse::<f64>().unwrap();
    let (x, y) = (number("x"), number("y"));
    let left = match attribute("text-anchor").unwrap().as_str() {
        "start" => x,
        "middle" => x - width / 2.0,
        _ => x - width,
    };
    [left, left + width, y - 12.0, y]
}

#[test]
fn no_text_of_a_picture_lies_over_another() {
    let mut growth = Report::new(&plan(Workload::Growth));
    let samples = [10_u32, 1000].map(|held| {
        let mut one = sample("one", &format!("{held}, one holder"), 10, 5);
        one.figures.insert("held", held.into());
        one
    });
    growth.summarize(&samples);
    for picture in [svg(&report()), svg(&growth)] {
        for chart in picture.split("<g ").skip(1) {
            let texts: Vec<_> =
                chart.split("<text").skip(1).map(|t| t.split("</text>").next().unwrap()).collect();
            assert!(texts.len() > 5);
            for (at, one) in texts.iter().enumerate() {
                let [left, right, top, bottom] = extent(one);
                for other in &texts[..at] {
                    let [left2, right2, top2, bottom2] = extent(other);
                    let over = left < right2 && left2 < right && top < bottom2 && top2 < bottom;
                    assert!(!over, "{one} lies over {other}");
                }
            }
        }
    }
}
