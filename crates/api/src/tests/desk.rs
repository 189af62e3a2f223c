//! What the agents' desk is told.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::tests::Client;

#[tokio::test]
async fn a_page_gets_the_names_of_the_plan_and_lists_only_for_who_leads() {
    let agent = Client::signed_in("agent").await;
    let heard = agent.get("/api/v1/site").await;
    assert_eq!(heard.status, StatusCode::OK, "{}", heard.body);
    let names = |body: &Value, key: &str| -> Vec<Value> {
        body[key].as_array().into_iter().flatten().map(|it| it["name"].clone()).collect()
    };
    assert_eq!(names(&heard.body, "queues"), [json!("luae"), json!("general")]);
    assert_eq!(names(&heard.body, "aux_reasons"), [json!("lunch")]);
    assert_eq!(heard.body["agents"][0]["queues"], json!(["luae", "general"]));
    assert_eq!(heard.body["codes"]["ready"], "*13");
    assert!(heard.body["queues"][0]["handling_target"].as_f64().is_some_and(|seconds| seconds > 0.0));
    let some = Client::signed_in("some").await.get("/api/v1/site").await;
    assert_eq!(names(&some.body, "queues"), [json!("luae")], "a supervisor of some queues");
    assert_eq!(some.body["agents"][1]["queues"], json!(["luae"]));
    assert_eq!(Client::new().get("/api/v1/site").await.status, StatusCode::UNAUTHORIZED);
}
