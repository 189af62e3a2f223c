//! When the agents of a queue will have taken so many contacts.

/// Newton's method converges in fewer steps; the limit only bounds the work.
const STEPS_MAX: u32 = 40;

/// The time in seconds after which the expected number of contacts that these agents have taken reaches `contacts`.
///
/// `remaining` is each agent's mean remaining busy time, `mean` the mean busy time of a contact. An agent takes the
/// first contact after an exponential time with mean `remaining`, and further ones at the rate `1 / mean`; so the
/// result is exact for exponential handling times, `contacts * mean / agents`, and follows the agents' ages otherwise.
/// The number of contacts grows with time, so there is one solution. Infinite without agents.
pub(crate) fn time_of(contacts: f64, remaining: &[f64], mean: f64) -> f64 {
    if remaining.is_empty() {
        return f64::INFINITY;
    }
    let mean = mean.max(f64::MIN_POSITIVE);
    let mut time = contacts * mean / remaining.len() as f64;
    for _ in 0..STEPS_MAX {
        let (mut taken, mut rate) = (-contacts, 0.0);
        for &first in remaining {
            let first = first.max(1.0);
            let is_still_busy = (-time / first).exp();
            let was_busy = first * (1.0 - is_still_busy);
            taken += (1.0 - is_still_busy) + (time - was_busy) / mean;
            rate += is_still_busy / first + (1.0 - is_still_busy) / mean;
        }
        let next = (time - taken / rate).max(time / 8.0);
        if (next - time).abs() < 0.01 {
            return next;
        }
        time = next;
    }
    time
}

#[cfg(test)]
mod tests {
    use super::time_of;

    #[test]
    fn with_exponential_handling_it_is_the_textbook_rate() {
        for (contacts, agents) in [(1.0, 1), (1.0, 20), (7.0, 3), (400.0, 20)] {
            let time = time_of(contacts, &vec![180.0; agents], 180.0);
            assert!((time - contacts * 180.0 / agents as f64).abs() < 0.02, "{contacts} {agents}: {time}");
        }
    }

    #[test]
    fn an_agent_who_is_nearly_ready_shortens_the_wait_once() {
        let all_fresh = time_of(1.0, &[180.0; 4], 180.0);
        let one_nearly = time_of(1.0, &[10.0, 180.0, 180.0, 180.0], 180.0);
        assert!(one_nearly < all_fresh * 0.8, "{one_nearly} {all_fresh}");
        let far_back = time_of(40.0, &[10.0, 180.0, 180.0, 180.0], 180.0);
        assert!((far_back - 1800.0).abs() < 60.0, "{far_back}");
    }

    #[test]
    fn more_contacts_ahead_take_longer_and_more_agents_are_quicker() {
        let mut before = 0.0;
        for contacts in 1..200 {
            let time = time_of(f64::from(contacts), &[30.0, 60.0, 300.0], 150.0);
            assert!(time > before);
            before = time;
        }
        assert!(time_of(5.0, &[100.0; 6], 150.0) < time_of(5.0, &[100.0; 5], 150.0));
    }

    #[test]
    fn without_agents_it_never_comes() {
        assert!(time_of(1.0, &[], 150.0).is_infinite());
    }
}
