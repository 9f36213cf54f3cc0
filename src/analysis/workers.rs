//! Threads: one with a deep stack for a single file, a pool of them where there is enough to do.

use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::thread;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// The stack of every thread that parses or checks: both follow the nesting of the source.
const STACK: usize = 64 << 20;

/// Runs `work` on a thread with a deep stack; on this one if the system gives none.
pub(super) fn with_deep_stack<R: Send>(work: impl Fn() -> R + Sync) -> R {
    let done = thread::scope(|scope| {
        let spawned = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, &work);
        spawned.ok().map(thread::ScopedJoinHandle::join)
    });
    match done {
        Some(Ok(result)) => result,
        Some(Err(payload)) => resume_unwind(payload),
        None => work(),
    }
}

/// A pool that is started when it is first needed.
#[derive(Default)]
pub(super) struct Workers(OnceLock<Option<ThreadPool>>);

impl Workers {
    /// Maps in order; on several threads if `parallel` says that it is worth starting them.
    pub(super) fn map<T: Sync, R: Send>(
        &self,
        items: &[T],
        parallel: bool,
        f: impl Fn(&T) -> R + Sync + Send,
    ) -> Vec<R> {
        let pool = if parallel && items.len() > 1 { self.pool() } else { None };
        match pool {
            Some(pool) => pool.install(|| items.par_iter().map(f).collect()),
            None => items.iter().map(f).collect(),
        }
    }

    fn pool(&self) -> Option<&ThreadPool> {
        let start = || ThreadPoolBuilder::new().stack_size(STACK).build().ok();
        self.0.get_or_init(start).as_ref()
    }
}
