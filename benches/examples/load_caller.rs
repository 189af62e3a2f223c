//! Calls a turno that serves the lab plan on this machine, and prints figures as seen from outside.
//!
//!     load_caller --pid PID [--rate 500] [--seconds 20] [--agents 200] [--talk-ms 300] [--ring-ms 20] [--waiting 0]
//!                 [--echo-port 5070 --echo-pid PID]

use core::time::Duration;

use clap::Parser;
use turno_benches::load::{Load, Plan, echo};

#[derive(Parser)]
struct Options {
    /// Process id of turno.
    #[arg(long)]
    pid: u32,
    /// New calls a second.
    #[arg(long, default_value_t = 500.0)]
    rate: f64,
    /// How long new calls come.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Registered agents.
    #[arg(long, default_value_t = 200)]
    agents: u16,
    /// Length of a talk.
    #[arg(long, default_value_t = 300)]
    talk_ms: u64,
    /// How long a call rings at an agent.
    #[arg(long, default_value_t = 20)]
    ring_ms: u64,
    /// This many callers wait at all times; each call that ends starts the next.
    #[arg(long, default_value_t = 0)]
    waiting: usize,
    /// Port of an echo server that gets the same datagrams afterwards.
    #[arg(long, default_value_t = 5070)]
    echo_port: u16,
    /// Process id of the echo server.
    #[arg(long)]
    echo_pid: Option<u32>,
}

fn main() -> Result<(), String> {
    let options = Options::parse();
    let plan = Plan {
        agents: options.agents,
        rate: options.rate,
        span: Duration::from_secs(options.seconds),
        ring: Duration::from_millis(options.ring_ms),
        talk: Duration::from_millis(options.talk_ms),
        waiting: options.waiting,
        pid: options.pid,
    };
    let (sent, each, is_clean) = Load::new(plan)?.run();
    if let Some(pid) = options.echo_pid {
        let bare = echo(&sent, options.echo_port, pid)?;
        println!(
            "a bare echo of the same   {:.2} us each; turno asks {:.2} times as much",
            bare / 1e3,
            each / bare
        );
    }
    if is_clean { Ok(()) } else { Err("not clean: see above".to_owned()) }
}
