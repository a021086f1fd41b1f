//! The report as a picture: latency by percentile, and cost by locks held.
//!
//! Written by hand: two charts of lines on logarithmic axes are less than what a plotting crate would have to be told, and
//! the current one (plotters 0.3) brings four crates more for its SVG alone.

use super::report::{Report, Row};
use std::fmt::Write as _;

/// Size of a chart, and what stands around its lines, in pixels.
const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 80.0;
const RIGHT: f64 = 250.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 50.0;
/// Colours that can be told apart, also by most who see few.
const COLOURS: [&str; 8] =
    ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999"];

/// A chart of lines. Both axes are logarithmic.
struct Chart {
    title: String,
    y_label: &'static str,
    x_label: &'static str,
    lines: Vec<(String, Vec<(f64, f64)>)>,
    /// Where x is marked, and with what.
    x_marks: Vec<(f64, String)>,
}

/// Draws the whole picture.
pub fn svg(report: &Report) -> String {
    let charts: Vec<_> = [growth(report), latency(report)].into_iter().flatten().collect();
    let height = HEIGHT * charts.len().max(1) as f64;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
    );
    for (index, chart) in charts.iter().enumerate() {
        let _ = writeln!(out, "<g transform=\"translate(0 {})\">", HEIGHT * index as f64);
        chart.draw(&mut out);
        out.push_str("</g>\n");
    }
    out.push_str("</svg>\n");
    out
}

/// Draws latency by percentile; x is one in how many calls is slower.
fn latency(report: &Report) -> Option<Chart> {
    let one_in = |percent: f64| 100.0 / (100.0 - percent);
    let line = |row: &Row| {
        let points = row.curve.iter().filter(|(percent, _)| *percent < 100.0);
        (name(row), points.map(|(percent, us)| (one_in(*percent), *us)).collect())
    };
    let marks =
        [(0.0, "0"), (50.0, "50 %"), (90.0, "90 %"), (99.0, "99 %"), (99.9, "99.9 %"), (99.99, "99.99 %")];
    Some(Chart {
        title: format!("{:?}: latency", report.workload),
        y_label: "microseconds",
        x_label: "percentile",
        lines: report.rows.iter().filter(|row| row.units > 0).map(line).collect(),
        x_marks: marks.iter().map(|(percent, text)| (one_in(*percent), (*text).to_owned())).collect(),
    })
    .filter(|chart| !chart.lines.is_empty())
}

/// Draws cost by locks held, where the workload has that: processor time of the server, else latency.
fn growth(report: &Report) -> Option<Chart> {
    let mut lines: Vec<(String, Vec<(f64, f64)>)> = Vec::new();
    let cpu_known = report.rows.iter().all(|row| row.server_cpu_us.is_some());
    for row in &report.rows {
        let Some(held) = row.figures.get("held").map(|held| held.median) else { continue };
        let cost = row.server_cpu_us.filter(|_| cpu_known).unwrap_or(row.latency_us.p50).median;
        let name = name(row).replace(&format!("{held}"), "N");
        match lines.iter_mut().find(|(known, _)| *known == name) {
            Some((_, points)) => points.push((held, cost)),
            None => lines.push((name, vec![(held, cost)])),
        }
    }
    let mut x_marks: Vec<_> = lines.iter().flat_map(|(_, points)| points).map(|point| point.0).collect();
    x_marks.sort_by(f64::total_cmp);
    x_marks.dedup();
    let chart = Chart {
        title: format!("{:?}: cost by locks held", report.workload),
        y_label: if cpu_known { "server CPU, microseconds" } else { "median latency, microseconds" },
        x_label: "locks held",
        lines,
        x_marks: x_marks.into_iter().map(|held| (held, format!("{held}"))).collect(),
    };
    (!chart.lines.is_empty()).then_some(chart)
}

fn name(row: &Row) -> String {
    format!("{} {}", row.target, row.case).trim_end().to_owned()
}

/// A logarithmic axis: from values to pixels.
struct Axis {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Axis {
    /// Creates an axis that has room for these values.
    fn over(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| *value > 0.0) {
            (low, high) = (low.min(value.log10()), high.max(value.log10()));
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        // A single value still wants an axis.
        if high - low < 0.1 {
            (low, high) = (low - 0.5, high + 0.5);
        }
        Self { low, high, from, to }
    }

    fn at(&self, value: f64) -> f64 {
        let part = (value.max(f64::MIN_POSITIVE).log10() - self.low) / (self.high - self.low);
        self.from + part.clamp(0.0, 1.0) * (self.to - self.from)
    }
}

impl Chart {
    fn draw(&self, out: &mut String) {
        let points = || self.lines.iter().flat_map(|(_, points)| points);
        let marks = self.x_marks.iter().map(|mark| mark.0);
        let x = Axis::over(points().map(|point| point.0).chain(marks), LEFT, WIDTH - RIGHT);
        let y = Axis::over(points().map(|point| point.1), HEIGHT - BOTTOM, TOP);
        text(out, LEFT, TOP - 15.0, "start", &self.title);
        text(out, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 10.0, "middle", self.x_label);
        upright_text(out, 20.0, (TOP + HEIGHT - BOTTOM) / 2.0, self.y_label);
        for (value, mark) in &self.x_marks {
            rule(out, (x.at(*value), TOP), (x.at(*value), HEIGHT - BOTTOM));
            text(out, x.at(*value), HEIGHT - BOTTOM + 18.0, "middle", mark);
        }
        for value in round_values(&y) {
            rule(out, (LEFT, y.at(value)), (WIDTH - RIGHT, y.at(value)));
            text(out, LEFT - 8.0, y.at(value) + 4.0, "end", &format!("{value}"));
        }
        for (index, (name, points)) in self.lines.iter().enumerate() {
            let colour = COLOURS[index % COLOURS.len()];
            let path: Vec<_> =
                points.iter().map(|point| format!("{:.1},{:.1}", x.at(point.0), y.at(point.1))).collect();
            let path = path.join(" ");
            let _ = writeln!(
                out,
                "<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>"
            );
            for point in points {
                let (cx, cy) = (x.at(point.0), y.at(point.1));
                let _ = writeln!(out, "<circle cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"3\" fill=\"{colour}\"/>");
            }
            let at = TOP + 18.0 * index as f64;
            let left = WIDTH - RIGHT + 15.0;
            let _ =
                writeln!(out, "<rect x=\"{left}\" y=\"{at}\" width=\"12\" height=\"12\" fill=\"{colour}\"/>");
            text(out, left + 18.0, at + 11.0, "start", name);
        }
    }
}

/// Returns 1, 2 and 5 times powers of ten, as far as the axis goes.
fn round_values(axis: &Axis) -> Vec<f64> {
    let decades = (axis.low.floor() as i32)..=(axis.high.ceil() as i32);
    let values = decades.flat_map(|decade| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(decade)));
    values.filter(|value| (axis.low..=axis.high).contains(&value.log10())).collect()
}

fn rule(out: &mut String, from: (f64, f64), to: (f64, f64)) {
    let ((x1, y1), (x2, y2)) = (from, to);
    let _ =
        writeln!(out, "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"#ddd\"/>");
}

/// Writes text whose every byte stands for itself.
fn text(out: &mut String, x: f64, y: f64, anchor: &str, text: &str) {
    let safe = escaped(text);
    let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{safe}</text>");
}

/// Writes text from below to above, around (x, y).
fn upright_text(out: &mut String, x: f64, y: f64, text: &str) {
    let safe = escaped(text);
    let _ = writeln!(
        out,
        "<text transform=\"translate({x:.1} {y:.1}) rotate(-90)\" text-anchor=\"middle\">{safe}</text>"
    );
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
