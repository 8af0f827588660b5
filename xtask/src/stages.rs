//! A run made of stages: each is timed, none stops the others, all failures are listed at the end.

use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::out;

/// Tests that passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Passed.
    pub(crate) passed: u64,
    /// Failed, or not run because another failed.
    pub(crate) failed: u64,
}

/// Stages done so far.
pub(crate) struct Stages {
    began: Instant,
    done: Vec<(String, Duration, Option<String>)>,
    counts: Counts,
}

impl Stages {
    /// Begins a run.
    pub(crate) fn begin() -> Self {
        Self { began: Instant::now(), done: Vec::new(), counts: Counts::default() }
    }

    /// Runs a stage that either works or not. A stage that fails counts as one failure.
    pub(crate) fn step(&mut self, name: &str, body: impl FnOnce() -> Outcome) -> bool {
        let (took, ended) = timed(name, body);
        let problem = ended.err().map(|failure| failure.to_string());
        if problem.is_some() {
            self.counts.failed += 1;
        }
        self.finish(name, took, problem)
    }

    /// Runs a stage that counts its tests.
    pub(crate) fn tests(&mut self, name: &str, body: impl FnOnce() -> Outcome<Counts>) -> bool {
        let (took, ended) = timed(name, body);
        let problem = match ended {
            Ok(counts) => {
                self.counts.passed += counts.passed;
                self.counts.failed += counts.failed;
                out::line(&format!("{name}: {} passed, {} failed", counts.passed, counts.failed));
                (counts.failed > 0).then(|| format!("{} failed", counts.failed))
            }
            Err(failure) => {
                self.counts.failed += 1;
                Some(failure.to_string())
            }
        };
        self.finish(name, took, problem)
    }

    fn finish(&mut self, name: &str, took: Duration, problem: Option<String>) -> bool {
        let well = problem.is_none();
        if let Some(text) = &problem {
            out::line(&format!("-- {name} FAILED: {text}"));
        }
        out::line(&format!("-- {name}: {:.1} s", took.as_secs_f64()));
        self.done.push((name.to_owned(), took, problem));
        well
    }

    /// Lists the stages with their times and all failures.
    pub(crate) fn summary(self) -> (Counts, Outcome) {
        out::heading("stages");
        for (name, took, problem) in &self.done {
            let mark = if problem.is_none() { "ok    " } else { "FAILED" };
            out::line(&format!("{mark} {:>8.1} s  {name}", took.as_secs_f64()));
        }
        out::line(&format!("       {:>8.1} s  in all", self.began.elapsed().as_secs_f64()));
        let mut failures = 0;
        for (name, _, problem) in &self.done {
            if let Some(text) = problem {
                failures += 1;
                out::line(&format!("\nFAILED {name}\n{text}"));
            }
        }
        let ended = if failures == 0 { Ok(()) } else { Err(Failure::Stages(failures)) };
        (self.counts, ended)
    }
}

fn timed<T>(name: &str, body: impl FnOnce() -> T) -> (Duration, T) {
    out::heading(name);
    let began = Instant::now();
    let value = body();
    (began.elapsed(), value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_fails_does_not_stop_the_next_and_is_counted() {
        let mut stages = Stages::begin();
        assert!(!stages.step("first", || Err(Failure::Missing("no".to_owned()))));
        assert!(stages.tests("second", || Ok(Counts { passed: 3, failed: 0 })));
        assert!(!stages.tests("third", || Ok(Counts { passed: 1, failed: 2 })));
        let (counts, ended) = stages.summary();
        assert_eq!(counts, Counts { passed: 4, failed: 3 });
        assert!(matches!(ended, Err(Failure::Stages(2))));
    }
}
