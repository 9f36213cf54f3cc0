//! Medians of runs that take turns, and the table that they are told in.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// What a measurement or a group of them comes to.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Something to be timed. It says itself how long it took, so that what it prepares does not count.
pub(crate) struct Case<'a> {
    name: String,
    run: Box<dyn FnMut() -> Result<Duration> + 'a>,
    target: Target,
}

/// What a case is held against.
#[derive(Clone, Copy)]
enum Target {
    None,
    /// So many times the first case.
    Ratio(f64),
}

impl<'a> Case<'a> {
    /// Times the whole of a run.
    pub(crate) fn new<T>(name: impl Into<String>, run: impl FnMut() -> Result<T> + 'a) -> Self {
        Self::prepared(name, || Ok(()), run)
    }

    /// Times a run, not what is done before it.
    pub(crate) fn prepared<T>(
        name: impl Into<String>,
        mut prepare: impl FnMut() -> Result<()> + 'a,
        mut run: impl FnMut() -> Result<T> + 'a,
    ) -> Self {
        let timed = move || {
            prepare()?;
            let start = Instant::now();
            let made = run()?;
            let took = start.elapsed();
            black_box(made);
            Ok(took)
        };
        Self { name: name.into(), run: Box::new(timed), target: Target::None }
    }

    /// Sets how many times the first case it may take.
    pub(crate) fn at_most(mut self, ratio: f64) -> Self {
        self.target = Target::Ratio(ratio);
        self
    }
}

/// Runs the cases in turn, so that whatever else the machine does falls on all of them, and prints their medians beside
/// the first one's. Gives the medians.
pub(crate) fn compare(title: &str, rounds: usize, cases: Vec<Case<'_>>) -> Result<Vec<Duration>> {
    println!("\n{title} (median of {rounds})");
    let names: Vec<(String, Target)> = cases.iter().map(|case| (case.name.clone(), case.target)).collect();
    let medians = medians(rounds, cases)?;
    let floor = medians.first().copied().unwrap_or_default();
    for ((name, target), median) in names.iter().zip(&medians) {
        let ratio = ratio(*median, floor);
        let target = match target {
            Target::None => String::new(),
            Target::Ratio(most) => {
                format!("  at most {most}: {}", if ratio <= *most { "met" } else { "not met" })
            }
        };
        println!("  {name:<46} {:>10}  x {ratio:<6.2}{target}", shown(*median));
    }
    Ok(medians)
}

/// Runs the cases in turn and gives their medians.
pub(crate) fn medians(rounds: usize, mut cases: Vec<Case<'_>>) -> Result<Vec<Duration>> {
    let mut times: Vec<Vec<Duration>> = cases.iter().map(|_| Vec::with_capacity(rounds)).collect();
    // The first round fills caches.
    for round in 0..=rounds {
        for (case, times) in cases.iter_mut().zip(&mut times) {
            let took = (case.run)()?;
            if round > 0 {
                times.push(took);
            }
        }
    }
    Ok(times.into_iter().map(median).collect())
}

/// Says how time grows with size: the time a unit at each size, as a ratio to the smallest size.
pub(crate) fn growth(title: &str, rounds: usize, cases: Vec<(f64, Case<'_>)>) -> Result<()> {
    let (sizes, cases): (Vec<f64>, Vec<Case<'_>>) = cases.into_iter().unzip();
    let medians = compare(title, rounds, cases)?;
    let units = sizes.iter().zip(&medians).map(|(size, time)| time.as_secs_f64() / size);
    let units: Vec<f64> = units.collect();
    let first = units.first().copied().unwrap_or(1.0);
    let factors: Vec<String> = units.iter().map(|unit| format!("{:.2}", unit / first)).collect();
    println!("  time for the same amount, as it grows: {} (1 is linear)", factors.join(", "));
    Ok(())
}

/// So many bytes in so much time, in megabytes a second.
pub(crate) fn rate(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / 1e6 / time.as_secs_f64().max(1e-9)
}

fn ratio(time: Duration, floor: Duration) -> f64 {
    time.as_secs_f64() / floor.as_secs_f64().max(1e-9)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// A time in milliseconds.
pub(crate) fn shown(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1e3;
    if millis < 10.0 { format!("{millis:.3} ms") } else { format!("{millis:.1} ms") }
}
