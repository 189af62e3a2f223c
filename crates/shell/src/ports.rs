//! Which media ports other programs have, looked up once at the start.

use std::net::{SocketAddr, UdpSocket};

use turno_model::Plan;

use crate::refusal::StartRefused;

/// The first ports of the RTP and RTCP pairs that can't be bound now. One that is taken later is set aside then.
///
/// # Errors
/// [`StartRefused::Ports`] when more than half are taken, [`StartRefused::Address`] when the address is not ours.
pub(crate) fn taken(plan: &Plan) -> Result<Vec<u16>, StartRefused> {
    let (first, last) = plan.media.ports;
    // A port 0 tells the address apart from the ports.
    let any = SocketAddr::new(plan.media.bind, 0);
    UdpSocket::bind(any).map_err(|error| StartRefused::Address { purpose: "RTP", address: any, error })?;
    let is_free = |port: u16| UdpSocket::bind(SocketAddr::new(plan.media.bind, port)).is_ok();
    let pairs = (first + first % 2..last).step_by(2);
    let all = pairs.len();
    let taken: Vec<u16> = pairs.filter(|&port| !is_free(port) || !is_free(port + 1)).collect();
    if taken.len() * 2 > all {
        return Err(StartRefused::Ports { range: (first, last), taken: taken.len() });
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::small_plan::one_queue;

    #[test]
    fn a_port_of_another_program_is_left_out_and_a_range_that_is_taken_is_refused() {
        // Bad input: a refused socket.
        let held = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let port = held.local_addr().expect("it is bound").port();
        let even = port - port % 2;
        let mut plan = one_queue();
        plan.media.ports = (even - 40, even + 41);
        assert!(taken(&plan).expect("most are free").contains(&even));
        plan.media.ports = (even, even + 1);
        let refused = taken(&plan).expect_err("all are taken").to_string();
        assert!(refused.contains("media.ports") && !refused.contains('\n'), "{refused}");
    }
}
