//! The standard metrics of a process: CPU, memory and descriptors.

use prometheus::{Counter, Gauge, IntGauge, Registry};
use turno_ground::Moment;

use crate::metrics::{gauge, gauges, register};

/// The metrics of the process, read from /proc at each scrape.
pub(crate) struct ProcessMeters {
    cpu: Counter,
    resident: IntGauge,
    descriptors: IntGauge,
    descriptors_max: IntGauge,
    threads: IntGauge,
}

impl ProcessMeters {
    /// Registers the metrics.
    pub(crate) fn new(registry: &Registry, started: Moment) -> Self {
        gauges(registry, "turno_build_info", "1, with the version as a label.", &["version"])
            .with_label_values(&[crate::VERSION])
            .set(1);
        let start = Gauge::new("process_start_time_seconds", "Start of the process, in seconds since 1970.")
            .expect("a valid name");
        #[expect(clippy::cast_precision_loss, reason = "microseconds since 1970 stay below 2^53")]
        register(registry, start).set(started.as_micros() as f64 * 1e-6);
        let cpu =
            Counter::new("process_cpu_seconds_total", "CPU time, user and system.").expect("a valid name");
        Self {
            cpu: register(registry, cpu),
            resident: gauge(registry, "process_resident_memory_bytes", "Memory in use."),
            descriptors: gauge(registry, "process_open_fds", "Open descriptors, mostly sockets."),
            descriptors_max: gauge(registry, "process_max_fds", "Descriptors that the process may have."),
            threads: gauge(registry, "process_threads", "Threads."),
        }
    }

    /// Reads /proc.
    pub(crate) fn refresh(&self) {
        if let Some(stat) = std::fs::read_to_string("/proc/self/stat").ok().as_deref().and_then(read_stat) {
            #[expect(clippy::cast_precision_loss, reason = "ticks stay below 2^53")]
            let seconds = stat.ticks as f64 / rustix::param::clock_ticks_per_second() as f64;
            self.cpu.inc_by((seconds - self.cpu.get()).max(0.0));
            let page = i64::try_from(rustix::param::page_size()).unwrap_or(4096);
            self.resident.set(stat.resident_pages.saturating_mul(page));
            self.threads.set(stat.threads);
        }
        if let Ok(entries) = std::fs::read_dir("/proc/self/fd") {
            self.descriptors.set(i64::try_from(entries.count()).unwrap_or(i64::MAX));
        }
        let most = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
        self.descriptors_max.set(most.and_then(|most| i64::try_from(most).ok()).unwrap_or(i64::MAX));
    }
}

struct Stat {
    ticks: u64,
    threads: i64,
    resident_pages: i64,
}

/// Fields of /proc/PID/stat (proc(5)), counted after the name, which stands in parentheses and may contain any
/// character.
fn read_stat(line: &str) -> Option<Stat> {
    let (_, after_name) = line.rsplit_once(')')?;
    let fields: Vec<&str> = after_name.split_ascii_whitespace().collect();
    let number = |place: usize| fields.get(place).and_then(|field| field.parse::<i64>().ok());
    Some(Stat {
        ticks: u64::try_from(number(11)? + number(12)?).ok()?,
        threads: number(17)?,
        resident_pages: number(21)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_named_with_a_parenthesis_is_still_measured() {
        let line = "7 (a) b) S 1 7 7 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 5 0 1000 9000000 321 184467";
        let stat = read_stat(line).expect("a stat line");
        assert_eq!((stat.ticks, stat.threads, stat.resident_pages), (300, 5, 321));
    }

    #[test]
    fn cpu_seconds_never_go_back() {
        let registry = Registry::new();
        let meters = ProcessMeters::new(&registry, Moment::from_secs(1));
        meters.refresh();
        let first = meters.cpu.get();
        meters.refresh();
        assert!(meters.cpu.get() >= first);
        assert!(meters.resident.get() > 0 && meters.descriptors.get() > 0);
    }
}
