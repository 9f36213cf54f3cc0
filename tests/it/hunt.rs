//! Many texts through one check, on every processor: what panics or hangs is told with its text.
//!
//! The same seeds give the same texts on every machine. `AIB_FUZZ=100000` says how many (best with `--release`), `AIB_FUZZ_FROM=5000`
//! where to begin, `AIB_FUZZ_SHOW=1` shows each text before it is read (a stack that overflows ends the process).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// What parses and checks follows the nesting of the source; the same as the command line's.
const STACK: usize = 64 << 20;
/// Nothing takes as long; what does hangs.
const PATIENCE: Duration = Duration::from_secs(120);
/// Worth a look.
const SLOW: Duration = Duration::from_secs(5);
/// More faults than this are not looked for.
const FAULTS: usize = 10;

/// What each thread is at, since when.
type Running = Mutex<Option<(u64, Instant)>>;

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().unwrap())
}

/// Ends the process, naming the text, when one takes too long.
fn watch(running: &[Running], done: &AtomicUsize, shown: &(dyn Fn(u64) -> String + Sync)) {
    while done.load(Ordering::Relaxed) < running.len() {
        thread::sleep(Duration::from_millis(100));
        for slot in running {
            let Some((seed, since)) = *slot.lock().unwrap() else { continue };
            if since.elapsed() > PATIENCE {
                eprintln!("seed {seed} hangs\n{}", shown(seed));
                std::process::exit(101);
            }
        }
    }
}

/// What a check says against a seed.
fn fault(seed: u64, check: &(dyn Fn(u64) -> bool + Sync), passed: &AtomicU64) -> Option<String> {
    let payload = match catch_unwind(AssertUnwindSafe(|| check(seed))) {
        Ok(went_through) => {
            passed.fetch_add(u64::from(went_through), Ordering::Relaxed);
            return None;
        }
        Err(payload) => payload,
    };
    let said = payload.downcast_ref::<String>().cloned();
    Some(said.or_else(|| payload.downcast_ref::<&str>().map(|s| (*s).to_owned())).unwrap_or_default())
}

/// Runs a check over `count` seeds, or as many as the environment says. `shown` is the text of a seed; `check` says whether the
/// text went all the way through, and panics if something is wrong.
pub(crate) fn hunt(count: u64, shown: &(dyn Fn(u64) -> String + Sync), check: &(dyn Fn(u64) -> bool + Sync)) {
    let (from, count) = (number("AIB_FUZZ_FROM", 0), number("AIB_FUZZ", count));
    let aloud = std::env::var_os("AIB_FUZZ_SHOW").is_some();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let running: Vec<Running> = (0..threads).map(|_| Mutex::new(None)).collect();
    let (next, done, passed) = (AtomicU64::new(from), AtomicUsize::new(0), AtomicU64::new(0));
    let faults: Mutex<Vec<String>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for slot in &running {
            let (next, done, passed, faults) = (&next, &done, &passed, &faults);
            let work = move || {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= from + count || faults.lock().unwrap().len() >= FAULTS {
                        break;
                    }
                    if aloud {
                        eprintln!("seed {seed}\n{}", shown(seed));
                    }
                    *slot.lock().unwrap() = Some((seed, Instant::now()));
                    if let Some(said) = fault(seed, check, passed) {
                        faults.lock().unwrap().push(format!("seed {seed}: {said}\n{}", shown(seed)));
                    }
                    let begun = slot.lock().unwrap().take();
                    let took = begun.map(|(_, since)| since.elapsed()).unwrap_or_default();
                    if took > SLOW {
                        eprintln!("seed {seed} took {took:?}");
                    }
                }
                done.fetch_add(1, Ordering::Relaxed);
            };
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).unwrap();
        }
        watch(&running, &done, shown);
    });
    eprintln!("{count} texts, {} of them went through", passed.into_inner());
    let faults = faults.into_inner().unwrap();
    assert!(faults.is_empty(), "{}\n{} faults", faults.join("\n\n"), faults.len());
}
