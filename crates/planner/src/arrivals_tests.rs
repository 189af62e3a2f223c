//! Tests arrivals, talk times and patience against the stated distributions.

use super::*;

const MANY: usize = 20_000;

fn mean(spans: Spans) -> f64 {
    let mut rng = Rng::new(5);
    (0..MANY).map(|_| spans.draw(&mut rng).as_secs_f64()).sum::<f64>() / MANY as f64
}

#[test]
fn the_calls_of_a_day_come_when_the_shape_says() {
    // Source of the shape: ../shared/data/arrivals, which has the whole data set.
    let mut rng = Rng::new(1);
    let moments = Shape::bank().draw(470, Duration::from_secs(520 * 60), MANY, &mut rng);
    assert_eq!(moments.len(), MANY);
    assert!(moments.is_sorted() && moments.iter().all(|at| *at < Duration::from_secs(520 * 60)));
    let share = |from: u64, to: u64| {
        let within = moments.iter().filter(|at| (from * 60..to * 60).contains(&at.as_secs())).count();
        within as f64 / MANY as f64
    };
    // 10:00 to 10:30 is 130 to 160 minutes after 07:50; a third of 07:30 to 08:00 remains.
    let open = 1.0 - 0.0211 * 2.0 / 3.0;
    assert!((share(130, 160) - 0.0669 / open).abs() < 0.006, "{}", share(130, 160));
    assert!((share(0, 10) - 0.0211 / 3.0 / open).abs() < 0.003, "{}", share(0, 10));
}

#[test]
fn a_shape_is_read_from_a_file_and_a_bad_line_is_named() {
    let shape = Shape::parse("hh,share\n07:30:00,0.25\n08:00:00,0.75\n").expect("two half hours");
    let mut rng = Rng::new(2);
    let moments = shape.draw(450, Duration::from_secs(3600), 1000, &mut rng);
    let early = moments.iter().filter(|at| at.as_secs() < 1800).count();
    assert!((200..300).contains(&early), "{early}");
    let refused = Shape::parse("hh,share\n07:30,0.2\nnoon,0.3\n").expect_err("noon is no time of day");
    assert!(refused.contains("line 3"), "{refused}");
}

#[test]
fn what_lies_in_shared_data_is_the_shape_that_turno_carries() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/arrivals/bank_calls_0730_1630_share.csv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {} is missing", path.display());
        return;
    };
    let shape = Shape::parse(&text).expect("the file is read");
    for ((minute, share), (known, carried)) in shape.halves.iter().zip(&Shape::bank().halves) {
        assert_eq!(minute, known);
        assert!((share - carried).abs() < 0.000_06, "{minute}: {share} and {carried}");
    }
}

#[test]
fn talks_and_patience_last_as_long_as_stated_on_average() {
    let minutes = Duration::from_secs(180);
    assert!((mean(Spans::Exponential(minutes)) - 180.0).abs() < 4.0);
    assert!((mean(Spans::LogNormal(minutes, 0.98)) - 180.0).abs() < 5.0);
    // 5 % around 15 s, 5 % around 60 s, the others 300 s on average.
    let observed = mean(Spans::Observed(Duration::from_secs(300)));
    assert!((observed - (0.9 * 300.0 + 0.05 * 75.0)).abs() < 8.0, "{observed}");
}
