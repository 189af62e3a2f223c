//! Rows of the history and the sound of recordings.

use core::time::Duration;

use axum::body::to_bytes;
use axum::http::{Method, StatusCode};
use turno_history::store::Store as _;
use turno_history::{History, SqliteStore};

use crate::tests::Client;

/// A history in a file that is removed at the end.
pub(crate) struct Kept(std::path::PathBuf);

impl Kept {
    /// Gives the client's turno a history with three contacts and two recordings.
    pub(crate) fn in_(client: &Client, name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("turno-api-{}-{name}.db", std::process::id()));
        let mut history = History::new(Box::new(SqliteStore::new(&path, Duration::ZERO)));
        history.open().expect("it is made");
        let mut store = SqliteStore::new(&path, Duration::ZERO);
        let made = store.transaction(&mut |sql| {
            for (contact, queue) in [(1_i64, "luae"), (2, "general"), (3, "luae")] {
                let text = "INSERT INTO contact (contact, last_queue, day, caller, arrived_us) \
                    VALUES ($1, $2, '2026-11-24', '0991234567', $1)";
                sql.run(text, &[contact.into(), queue.into()])?;
            }
            for (recording, queue) in [(7_i64, "luae"), (8, "luae"), (9, "general")] {
                let text = "INSERT INTO recording (recording, queue, day, began_us) VALUES ($1, $2, '2026-11-24', $1)";
                sql.run(text, &[recording.into(), queue.into()])?;
            }
            Ok(())
        });
        made.expect("it is written");
        *client.site.history.lock().expect("no panic") =
            Some(SqliteStore::new(&path, Duration::ZERO).read_only());
        Self(path)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", self.0.display()));
        }
    }
}

#[tokio::test]
async fn the_history_comes_in_pages_and_by_queue() {
    let client = Client::signed_in("boss").await;
    assert_eq!(client.get("/api/v1/history/v_contact").await.status, StatusCode::NOT_FOUND, "none is kept");
    let _kept = Kept::in_(&client, "pages");
    let first =
        client.get("/api/v1/history/v_contact?most=2&latest=true&from=2026-11-24&to=2026-11-24").await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    assert_eq!(
        (&first.body["rows"][0]["contact"], &first.body["rows"][1]["contact"]),
        (&3.into(), &2.into())
    );
    assert_eq!(first.body["rows"][0]["caller"], "0991234567");
    let next = first.body["next"].as_str().expect("a cursor");
    let second = client.get(&format!("/api/v1/history/v_contact?most=2&latest=true&after={next}")).await;
    assert_eq!(
        (&second.body["rows"][0]["contact"], &second.body["next"]),
        (&1.into(), &serde_json::Value::Null)
    );
    let queue = client.get("/api/v1/history/v_contact?queue=general").await;
    assert_eq!(queue.body["rows"].as_array().map(Vec::len), Some(1));
    let other_order = client.get(&format!("/api/v1/history/v_contact?after={next}")).await;
    assert_eq!(other_order.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn bad_questions_to_the_history_get_a_sentence() {
    let client = Client::signed_in("boss").await;
    let _kept = Kept::in_(&client, "bad");
    for bad in [
        "v_contact?from=yesterday",
        "v_contact?from=2026-02-30",
        "v_contact?most=0",
        "v_contact?most=1001",
        "v_contact?after=x",
        "v_contact?after=W3RydWUsMSwyXQ",
        "v_contact?agent=a001",
        "v_contact?order=up",
        "v_contact?contact=x",
    ] {
        let heard = client.get(&format!("/api/v1/history/{bad}")).await;
        assert_eq!(heard.status, StatusCode::BAD_REQUEST, "{bad}: {}", heard.body);
    }
    let none = client.get("/api/v1/history/contact%3B%20DROP%20TABLE%20contact").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_has_some_of_the_queues_or_a_lower_role_sees_less() {
    let some = Client::signed_in("some").await;
    let _kept = Kept::in_(&some, "some");
    let own = some.get("/api/v1/history/v_contact").await;
    assert_eq!(own.body["rows"].as_array().map(Vec::len), Some(2), "{}", own.body);
    assert_eq!(some.get("/api/v1/history/v_agent_state").await.status, StatusCode::FORBIDDEN);
    assert_eq!(some.get("/api/v1/recordings/7/sound").await.status, StatusCode::OK);
    assert_eq!(
        some.get("/api/v1/recordings/9/sound").await.status,
        StatusCode::NOT_FOUND,
        "of another queue"
    );
    let reader = Client::signed_in("reader").await;
    let _kept = Kept::in_(&reader, "reader");
    assert_eq!(reader.get("/api/v1/history/v_contact").await.status, StatusCode::FORBIDDEN);
    assert_eq!(reader.get("/api/v1/history/v_interval_queue").await.status, StatusCode::OK);
    assert_eq!(reader.get("/api/v1/recordings/7/sound").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_recording_is_played_by_parts_and_who_heard_it_is_in_the_log() {
    let client = Client::signed_in("boss").await;
    let _kept = Kept::in_(&client, "sound");
    let hear = async |headers: &[(&str, &str)]| {
        let request = client.request(Method::GET, "/api/v1/recordings/7/sound", None, headers);
        let response = tower::ServiceExt::oneshot(client.app.clone(), request).await.expect("never fails");
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, to_bytes(body, 1 << 20).await.expect("a body"))
    };
    let (status, headers, whole) = hear(&[]).await;
    assert_eq!((status, whole.len()), (StatusCode::OK, 256));
    assert_eq!(
        (&headers["content-type"], &headers["accept-ranges"]),
        (&"audio/wav".parse().expect("a value"), &"bytes".parse().expect("a value"))
    );
    let (status, headers, part) = hear(&[("range", "bytes=10-19")]).await;
    assert_eq!((status, &part[..]), (StatusCode::PARTIAL_CONTENT, &whole[10..20]));
    assert_eq!(headers["content-range"], "bytes 10-19/256");
    let tag = headers["etag"].to_str().expect("text").to_owned();
    assert_eq!(hear(&[("range", "bytes=0-1"), ("if-range", &tag)]).await.0, StatusCode::PARTIAL_CONTENT);
    assert_eq!(hear(&[("range", "bytes=0-1"), ("if-range", "\"other\"")]).await.0, StatusCode::OK);
    assert_eq!(hear(&[("range", "bytes=256-")]).await.0, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(
        client.get("/api/v1/recordings/8/sound").await.status,
        StatusCode::NOT_FOUND,
        "can't be opened"
    );
    assert_eq!(client.get("/api/v1/recordings/99/sound").await.status, StatusCode::NOT_FOUND);
    let mut operator = client;
    operator.sign_in("operator").await;
    let log = operator.get("/api/v1/audit").await;
    let rows = log.body["rows"].as_array().expect("rows");
    let heard = rows.iter().filter(|row| row["deed"] == "hear recording" && row["target"] == "recording 7");
    assert_eq!(heard.count(), 3, "each beginning: {}", log.body);
}

#[tokio::test]
async fn a_report_comes_in_every_form_and_bad_words_get_a_sentence() {
    let client = Client::signed_in("reader").await;
    let _kept = Kept::in_(&client, "reports");
    for (format, kind) in [
        ("json", "application/json"),
        ("csv", "text/csv; charset=utf-8"),
        ("html", "text/html; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ] {
        let heard =
            client.get(&format!("/api/v1/reports?from=2026-11-01&to=2026-11-30&format={format}")).await;
        assert_eq!(
            (heard.status, heard.headers["content-type"].to_str().ok()),
            (StatusCode::OK, Some(kind)),
            "{}",
            heard.body
        );
    }
    let page = client.get("/api/v1/reports?from=2026-11-01&format=html").await;
    let policy = page.headers["content-security-policy"].to_str().expect("text");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("style-src 'unsafe-inline'"),
        "{policy}"
    );
    for bad in [
        "",
        "?from=x",
        "?from=2026-11-02&to=2026-11-01",
        "?from=2000-01-01&to=2026-01-01",
        "?from=2026-11-01&of=x",
        "?from=2026-11-01&by=x",
        "?from=2026-11-01&format=pdf",
    ] {
        assert_eq!(
            client.get(&format!("/api/v1/reports{bad}")).await.status,
            StatusCode::BAD_REQUEST,
            "{bad}"
        );
    }
    assert_eq!(client.get("/api/v1/reports?from=2026-11-01&of=callers").await.status, StatusCode::FORBIDDEN);
    let some = Client::signed_in("some").await;
    let _kept = Kept::in_(&some, "some-reports");
    assert_eq!(some.get("/api/v1/reports?from=2026-11-01&of=agents").await.status, StatusCode::FORBIDDEN);
    assert_eq!(some.get("/api/v1/reports?from=2026-11-01").await.status, StatusCode::OK);
}

#[tokio::test]
async fn why_is_told_in_the_language_of_who_asks_and_to_supervisors() {
    let client = Client::signed_in("boss").await;
    let why = client.send(Method::GET, "/api/v1/contacts/7/why", None, &[("accept-language", "es-EC")]).await;
    assert_eq!((why.status, &why.body["contact"]), (StatusCode::OK, &7.into()), "{}", why.body);
    let not = client.get("/api/v1/agents/1001/why-not?contact=7").await;
    assert_eq!((not.status, &not.body["contact"]), (StatusCode::OK, &7.into()), "{}", not.body);
    assert_eq!(client.get("/api/v1/contacts/8/why").await.status, StatusCode::NOT_FOUND);
    assert_eq!(client.get("/api/v1/agents/1001/why-not?contact=x").await.status, StatusCode::BAD_REQUEST);
    for name in ["reader", "agent", "some"] {
        let client = Client::signed_in(name).await;
        assert_eq!(client.get("/api/v1/contacts/7/why").await.status, StatusCode::FORBIDDEN, "{name}");
    }
}

#[tokio::test]
async fn the_next_hour_is_foretold_by_the_same_hour_of_the_weeks_before() {
    let client = Client::signed_in("boss").await;
    assert_eq!(client.get("/api/v1/forecast").await.status, StatusCode::NOT_FOUND, "none is kept");
    let kept = Kept::in_(&client, "forecast");
    let mut store = SqliteStore::new(&kept.0, Duration::ZERO);
    // The double's clock stands at 1 800 000 000: two weeks before are counted, two hours later and five weeks before are not.
    let hour = |weeks: i64, minutes: i64| (1_800_000_000 - weeks * 604_800 + minutes * 60) * 1_000_000;
    let rows: [(i64, i64); 5] =
        [(hour(1, 0), 30), (hour(1, 30), 30), (hour(2, 0), 60), (hour(1, 120), 999), (hour(5, 0), 999)];
    let made = store.transaction(&mut |sql| {
        for (place, (start, entered)) in rows.into_iter().enumerate() {
            let day = format!("2027-01-{:02}", place / 2 + 1);
            let text = "INSERT INTO interval_queue (start_us, queue, day, entered, handled, talk_us) VALUES ($1, 'luae', $2, $3, 10, 2400000000)";
            sql.run(text, &[start.into(), day.as_str().into(), entered.into()])?;
        }
        Ok(())
    });
    made.expect("it is written");
    let told = client.get("/api/v1/forecast").await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.body);
    let luae = &told.body[0];
    assert_eq!((&luae["queue"], &luae["weeks"]), (&"luae".into(), &2_u64.into()), "{luae}");
    assert_eq!((luae["contacts"].as_f64(), luae["handling"].as_f64()), (Some(60.0), Some(240.0)), "{luae}");
    assert!(luae["agents"].as_u64().is_some_and(|agents| (5..8).contains(&agents)), "{luae}");
}
