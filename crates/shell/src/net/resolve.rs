//! Resolves trunks' names to addresses (RFC 3263), in the background.
//!
//! The engine gets a trunk's literal address at once. Names are resolved again when their answers expire; while the
//! resolver does not answer, the last good answer stays in use.

use core::time::Duration;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use hickory_resolver::TokioResolver;
use hickory_resolver::proto::rr::RData;
use tokio::time::{Instant, sleep};
use turno_ground::{Rng, Transport};
use turno_model::plan::TrunkPlan;
use turno_model::{Asker, Command, Plan, TrunkId};

use crate::engine_thread::inbox::{EngineMessage, Inbox};
use crate::net::tls::Tls;

/// Shortest interval between two queries, even if the answer expires sooner.
const REFRESH_SPAN_MIN: Duration = Duration::from_secs(30);

/// Longest interval between two queries, even if the answer is valid for longer.
const REFRESH_SPAN_MAX: Duration = Duration::from_secs(3_600);

/// Most addresses given for one trunk.
const ADDRESSES_MAX: usize = 16;

/// Gives the engine the address of every trunk that needs no resolver, and resolves the names of the others.
pub(crate) fn start(
    plan: &Plan,
    seed: u64,
    runtime: &tokio::runtime::Handle,
    inbox: &Inbox,
    tls: Option<&Arc<Tls>>,
) {
    let mut names = Vec::new();
    for (id, trunk) in (0u32..).map(TrunkId).zip(&plan.trunks) {
        match trunk.host.as_deref().map(|host| (host, literal(host))) {
            None => {}
            Some((_, Some(address))) => {
                let at = SocketAddr::new(address, port(trunk));
                if let Some(tls) = tls {
                    tls.peers().know(id, &[at]);
                }
                inbox.post(EngineMessage::Command(
                    Asker::Shell,
                    Command::TrunkResolved(id, vec![at]),
                    None,
                    None,
                ));
            }
            Some((_, None)) => names.push((id, trunk.clone())),
        }
    }
    if names.is_empty() {
        return;
    }
    let _inside = runtime.enter();
    let resolver = match TokioResolver::builder_tokio().and_then(hickory_resolver::ResolverBuilder::build) {
        Ok(resolver) => resolver,
        Err(error) => {
            tracing::error!(%error, "trunks' names cannot be resolved; give them addresses in the plan");
            return;
        }
    };
    let mut rng = Rng::new(seed);
    for (id, trunk) in names {
        runtime.spawn(follow(id, trunk, resolver.clone(), rng.fork(), (inbox.clone(), tls.cloned())));
    }
}

/// An address, with or without brackets.
fn literal(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok()
}

fn port(trunk: &TrunkPlan) -> u16 {
    trunk.port.unwrap_or_else(|| trunk.transport.default_port())
}

async fn follow(
    id: TrunkId,
    trunk: TrunkPlan,
    resolver: TokioResolver,
    mut rng: Rng,
    (inbox, tls): (Inbox, Option<Arc<Tls>>),
) {
    let mut told: Option<Vec<SocketAddr>> = None;
    loop {
        let (addresses, lives) = resolve(&trunk, &resolver, &mut rng).await;
        if addresses.is_empty() {
            tracing::warn!(
                trunk = trunk.name,
                "the trunk's name has no address now; the last known ones are kept"
            );
        }
        let news = told.as_ref().is_none_or(|told| !addresses.is_empty() && *told != addresses);
        if news {
            if let Some(tls) = tls.as_ref().filter(|_| !addresses.is_empty()) {
                tls.peers().know(id, &addresses);
            }
            let command = Command::TrunkResolved(id, addresses.clone());
            if !inbox.send(EngineMessage::Command(Asker::Shell, command, None, None)).await {
                return;
            }
            told = Some(addresses);
        }
        sleep(lives.clamp(REFRESH_SPAN_MIN, REFRESH_SPAN_MAX)).await;
    }
}

/// RFC 3263, 4.2: with a port only addresses are queried; without one, SRV first.
async fn resolve(trunk: &TrunkPlan, resolver: &TokioResolver, rng: &mut Rng) -> (Vec<SocketAddr>, Duration) {
    let Some(host) = trunk.host.as_deref() else { return (Vec::new(), REFRESH_SPAN_MAX) };
    let mut lives = REFRESH_SPAN_MAX;
    let mut targets = Vec::new();
    if trunk.port.is_none()
        && let Ok(answer) = resolver.srv_lookup(format!("{}.{host}.", service(trunk.transport))).await
    {
        lives = lives.min(answer.valid_until().saturating_duration_since(Instant::now().into_std()));
        targets = answer
            .answers()
            .iter()
            .filter_map(|record| {
                let RData::SRV(srv) = &record.data else { return None };
                let host = srv.target.to_string();
                Some(Target { priority: srv.priority, weight: srv.weight, port: srv.port, host })
            })
            .collect();
        in_order_of_trial(&mut targets, rng);
    }
    if targets.is_empty() {
        targets.push(Target { priority: 0, weight: 0, port: port(trunk), host: host.to_owned() });
    }
    let mut addresses = Vec::new();
    for target in targets {
        let Ok(answer) = resolver.lookup_ip(target.host.as_str()).await else { continue };
        lives = lives.min(answer.valid_until().saturating_duration_since(Instant::now().into_std()));
        addresses.extend(answer.iter().map(|address| SocketAddr::new(address, target.port)));
    }
    addresses.truncate(ADDRESSES_MAX);
    if addresses.is_empty() { (addresses, REFRESH_SPAN_MIN) } else { (addresses, lives) }
}

const fn service(transport: Transport) -> &'static str {
    match transport {
        Transport::Udp => "_sip._udp",
        Transport::Tcp | Transport::Ws => "_sip._tcp",
        Transport::Tls | Transport::Wss => "_sips._tcp",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    priority: u16,
    weight: u16,
    port: u16,
    host: String,
}

/// RFC 2782: lower priorities first; within one priority at random, in proportion to the weights.
fn in_order_of_trial(targets: &mut [Target], rng: &mut Rng) {
    targets.sort_by(|a, b| {
        (a.priority, a.weight, &a.host, a.port).cmp(&(b.priority, b.weight, &b.host, b.port))
    });
    let mut from = 0;
    while from < targets.len() {
        let priority = targets[from].priority;
        let end = from + targets[from..].iter().take_while(|target| target.priority == priority).count();
        let sum: u64 = targets[from..end].iter().map(|target| u64::from(target.weight)).sum();
        let thrown = rng.below(sum + 1);
        let mut running = 0;
        let chosen = targets[from..end].iter().position(|target| {
            running += u64::from(target.weight);
            running >= thrown
        });
        // Rotating keeps targets of weight 0 in front, as the RFC's running sum requires.
        targets[from..=from + chosen.unwrap_or(0)].rotate_right(1);
        from += 1;
    }
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
