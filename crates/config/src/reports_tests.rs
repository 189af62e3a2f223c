//! Tests of [reports] in a plan, and of the file of shifts.

use jiff::civil::Time;
use turno_model::plan::{Activity, ReportFormat, ReportOf, ReportSpan};

use crate::tests::{Folder, QUEUE};

const PEOPLE: &str = "[[agent]]\nname = \"ana\"\npassword = \"x\"\nskills = { luae = 1 }\n\
    [[aux_reason]]\nname = \"lunch\"\ndigit = 1\n[[number]]\nnumber = \"1800-510-510\"\nqueue = \"luae\"\n";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.put("queues.toml", "[[queue]]\nname = \"luae\"\n");
    folder.put("people.toml", PEOPLE);
    folder
}

#[test]
fn a_plan_has_shifts_a_tariff_and_reports_by_schedule() {
    let folder = folder("reports");
    folder.put("shifts.csv", "\u{feff}agent;day;from;to;activity\r\nana;2026-11-30;08:00;12:00;work\r\n\r\nana;2026-11-30;12:00;13:00;lunch\r\n");
    let keys = "[reports]\nfolder = \"out\"\nkept_days = 90\nshifts = \"shifts.csv\"\n\
        [[reports.tariff]]\nnumber = \"1800510510\"\ncurrency = \"USD\"\nminute = \"0.045\"\nstep = \"1s\"\n\
        [[reports.schedule]]\nname = \"monday\"\nof = \"agents\"\nformat = \"xlsx\"\nevery = \"week\"\nat = \"05:30\"\n";
    folder.put("reports.toml", keys);
    let reports = folder.load().expect("a plan").0.reports;
    assert_eq!(reports.shifts.len(), 2);
    assert_eq!(reports.shifts[1].activity, Activity::Aux("lunch".to_owned()));
    assert_eq!(reports.tariffs[0].minute_micros, 45_000);
    let monday = &reports.schedule[0];
    assert_eq!(
        (monday.of, monday.format, monday.span),
        (ReportOf::Agents, ReportFormat::Xlsx, ReportSpan::LastWeek)
    );
    assert_eq!(monday.at, Time::constant(5, 30, 0, 0));
}

#[test]
fn wrong_lines_of_shifts_are_refused_with_their_numbers() {
    // Bad input.
    let folder = folder("shifts");
    folder.put("reports.toml", "[reports]\nshifts = \"shifts.csv\"\n");
    let long = "ana,".repeat(10_000);
    for (line, words) in [
        ("bob,2026-11-30,08:00,12:00,work", "line 2: \"bob\" is no agent"),
        ("ana,2026-02-30,08:00,12:00,work", "line 2: \"2026-02-30\" is no day"),
        ("ana,30/11/2026,08:00,12:00,work", "is no day"),
        ("ana,2026-11-30,8:00,12:00,work", "line 2: \"8:00\" is no time"),
        ("ana,2026-11-30,08:00,24:00,work", "is no time"),
        ("ana,2026-11-30,12:00,08:00,work", "line 2: it ends at 08:00"),
        ("ana,2026-11-30,08:00,12:00,siesta", "\"siesta\" is no activity"),
        ("ana,2026-11-30,08:00,12:00", "line 2: 4 columns"),
        (
            "ana,2026-11-30,08:00,12:00,work\nana,2026-11-30,11:00,13:00,lunch",
            "line 3: ana has a shift then already, in line 2",
        ),
        (&*long, "line 2: 10001 columns"),
        ("\u{1b}[2J,2026-11-30,08:00,12:00,work", "\"\\u{1b}[2J\" is no agent"),
    ] {
        folder.put("shifts.csv", &format!("agent,day,from,to,activity\n{line}\n"));
        let refused = folder.load().expect_err("wrong shifts").to_string();
        assert!(refused.contains(words), "{words}: {refused}");
    }
    folder.put("shifts.csv", "agent,date\n");
    assert!(folder.load().expect_err("other columns").to_string().contains("line 1"));
    std::fs::write(folder.0.join("shifts.csv"), [0xff, 0xfe, 0]).expect("a file");
    assert!(folder.load().expect_err("no text").to_string().contains("no UTF-8"));
    std::fs::remove_file(folder.0.join("shifts.csv")).expect("it was there");
    assert!(folder.load().expect_err("no file").to_string().contains("can't be read"));
}

#[test]
fn wrong_tariffs_and_schedules_are_refused() {
    // Bad input.
    let folder = folder("tariffs");
    let tariff = |lines: &str| format!("[[reports.tariff]]\n{lines}\n");
    let schedule = |lines: &str| format!("[reports]\nfolder = \"out\"\n[[reports.schedule]]\n{lines}\n");
    let usd = "currency = \"USD\"\nminute = \"1\"";
    for (keys, words) in [
        (tariff("currency = \"USD\""), "`minute`"),
        (tariff("minute = \"1\""), "`currency`"),
        (tariff("currency = \"USD\"\nminute = \"-1\""), "`-1` is no price"),
        (tariff("currency = \"USD\"\nminute = \"1e9\""), "no price"),
        (tariff("currency = \"USD\"\nminute = \"1001\""), "no price"),
        (tariff("currency = \"a'; DROP\"\nminute = \"1\""), "no `currency`"),
        (tariff(&format!("number = \"911\"\n{usd}")), "911"),
        (tariff(usd) + &tariff(usd), "twice"),
        (
            tariff(&format!("number = \"1800510510\"\n{usd}"))
                + &tariff("currency = \"EUR\"\nminute = \"1\""),
            "one currency",
        ),
        ("[[reports.schedule]]\nname = \"a\"\n".to_owned(), "`folder`"),
        (schedule("name = \"a.b\""), "letters, digits"),
        (schedule("name = \"../a\""), "name"),
        (schedule("name = \"a\"\nat = \"6\""), "is no time"),
        (schedule("name = \"a\"\nof = \"agent\""), "agents"),
        (schedule("name = \"a\"\n[[reports.schedule]]\nname = \"a\""), "twice"),
    ] {
        folder.put("reports.toml", &keys);
        let refused = folder.load().expect_err("a wrong plan").to_string();
        assert!(refused.contains(words), "{keys}: {refused}");
    }
    folder.put("reports.toml", QUEUE.get(..0).unwrap_or_default());
    folder.load().expect("nothing is asked for");
}
