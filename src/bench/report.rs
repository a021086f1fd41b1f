//! What a benchmark found: medians over its runs. Also the form of `--json`.

use super::plan::{Plan, Workload};
use super::sample::Sample;
use super::tally::histogram;
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Holds everything that a benchmark found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// The version of this program.
    pub version: String,
    /// What was done.
    pub workload: Workload,
    /// Minor version of NFSv4.
    pub minor: u32,
    /// Connections of the load.
    pub connections: usize,
    /// Calls in flight on each.
    pub depth: usize,
    /// Whether those of a connection went out together.
    pub bursts: bool,
    /// Seconds of each measurement.
    pub duration_seconds: f64,
    /// Seconds before it.
    pub warmup_seconds: f64,
    /// How often each target was measured, in turn.
    pub runs: usize,
    /// What one should know about the figures.
    pub notes: Vec<String>,
    /// One for each target and case.
    pub rows: Vec<Row>,
}

/// Represents one line of the table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Name of the target.
    pub target: String,
    /// Which of the workload's measurements; empty if it has one.
    pub case: String,
    /// What is counted: call, pair, grant, denial...
    pub unit: String,
    /// Units of all runs that went well.
    pub units: u64,
    /// Calls of all runs.
    pub calls: u64,
    /// Units in a second.
    pub per_second: Spread,
    /// Latency of a unit.
    pub latency_us: Latency,
    /// Processor time of the server for each unit, in microseconds.
    pub server_cpu_us: Option<Spread>,
    /// Processor time of the load for each unit, in microseconds.
    pub load_cpu_us: Spread,
    /// What went wrong in all runs, by name.
    pub errors: BTreeMap<String, u64>,
    /// Other figures of the workload.
    pub figures: BTreeMap<String, Spread>,
    /// Latency by percentile, of all runs together: percent and microseconds.
    pub curve: Vec<(f64, f64)>,
}

/// Holds the spread of a figure over the runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// The middle one, or between the two in the middle.
    pub median: f64,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
}

/// Holds percentiles in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// Half are faster.
    pub p50: Spread,
    /// 90 of 100 are faster.
    pub p90: Spread,
    /// 99 of 100 are faster.
    pub p99: Spread,
    /// 999 of 1000 are faster.
    pub p999: Spread,
    /// The slowest.
    pub max: Spread,
}

/// Percentiles of the curve.
const CURVE: [f64; 15] =
    [1.0, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 98.0, 99.0, 99.5, 99.9, 99.95, 99.99, 100.0];

impl Spread {
    /// Computes the spread of these values; zeros if there are none.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or(0.0);
        let last = values.len().saturating_sub(1);
        let median = (at(last / 2) + at(last.div_ceil(2))) / 2.0;
        Self { median, min: at(0), max: at(last) }
    }
}

impl Report {
    /// Creates a report without rows.
    pub fn new(plan: &Plan) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            workload: plan.workload,
            minor: plan.minor,
            connections: plan.connections,
            depth: plan.depth,
            bursts: plan.bursts,
            duration_seconds: plan.duration.as_secs_f64(),
            warmup_seconds: plan.warmup.as_secs_f64(),
            runs: plan.runs,
            notes: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Adds what one should know.
    pub fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Makes the rows: samples of one target and case become one, in the order in which they first came.
    pub fn summarize(&mut self, samples: &[Sample]) {
        let mut groups: Vec<Vec<&Sample>> = Vec::new();
        for sample in samples {
            let same = |group: &&mut Vec<&Sample>| {
                group.first().is_some_and(|first| first.target == sample.target && first.case == sample.case)
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.push(sample),
                None => groups.push(vec![sample]),
            }
        }
        self.rows = groups.iter().filter_map(|group| Row::of(group)).collect();
    }

    /// Returns how many errors there were in all rows.
    pub fn error_count(&self) -> u64 {
        self.rows.iter().flat_map(|row| row.errors.values()).sum()
    }
}

impl Row {
    /// Summarizes all samples of one target and case.
    fn of(samples: &[&Sample]) -> Option<Self> {
        let first = samples.first()?;
        let mut all = histogram();
        let mut errors = BTreeMap::new();
        for sample in samples {
            // Both have the same bounds.
            let _ = all.add(&sample.tally.latency);
            for (name, count) in &sample.tally.errors {
                *errors.entry((*name).to_owned()).or_default() += count;
            }
        }
        let each = |value: &dyn Fn(&Sample) -> f64| Spread::of(samples.iter().map(|sample| value(sample)));
        let units = |sample: &Sample| (sample.tally.done.max(1)) as f64;
        let known = samples.iter().all(|sample| sample.server_nanos.is_some());
        let figures = first.figures.keys().map(|name| {
            ((*name).to_owned(), each(&|sample| sample.figures.get(name).copied().unwrap_or(0.0)))
        });
        Some(Self {
            target: first.target.clone(),
            case: first.case.clone(),
            unit: first.unit.to_owned(),
            units: samples.iter().map(|sample| sample.tally.done).sum(),
            calls: samples.iter().map(|sample| sample.tally.calls).sum(),
            per_second: each(&|sample| sample.tally.done as f64 / sample.seconds),
            latency_us: Latency::of(samples),
            server_cpu_us: known
                .then(|| each(&|sample| sample.server_nanos.unwrap_or(0) as f64 / 1000.0 / units(sample))),
            load_cpu_us: each(&|sample| sample.load_nanos as f64 / 1000.0 / units(sample)),
            errors,
            figures: figures.collect(),
            curve: CURVE.iter().map(|percent| (*percent, micros(&all, *percent))).collect(),
        })
    }
}

impl Latency {
    fn of(samples: &[&Sample]) -> Self {
        let at =
            |percent: f64| Spread::of(samples.iter().map(|sample| micros(&sample.tally.latency, percent)));
        Self { p50: at(50.0), p90: at(90.0), p99: at(99.0), p999: at(99.9), max: at(100.0) }
    }
}

/// Returns the value at a percentile, in microseconds.
fn micros(nanos: &Histogram<u64>, percent: f64) -> f64 {
    match percent >= 100.0 {
        true => nanos.max() as f64 / 1000.0,
        false => nanos.value_at_percentile(percent) as f64 / 1000.0,
    }
}
