//! What the platform says about a message of ours: how far it has got, why it failed, what it costs.

use serde_json::Value;

use super::codes::words_of;
use super::event::{NoticeKind, What, moment, notice};
use super::letter::own_number;
use crate::joint::{Report, Reported};
use crate::message::Delivery;
use crate::time::Millis;

/// Reads one status.
pub(crate) fn status(value: &Value, now: Millis, push: &mut impl FnMut(What)) {
    let Some(external) = value["id"].as_str().filter(|id| !id.is_empty() && id.len() <= 512) else {
        return push(notice(NoticeKind::Malformed, "a status of no message"));
    };
    if value["recipient_type"] == "group" {
        return push(notice(NoticeKind::Group, "status"));
    }
    let at = moment(&value["timestamp"], now);
    let report = |what| What::Report(Report { external: external.to_owned(), at, what });
    if let Some(message) = value["biz_opaque_callback_data"].as_str().and_then(own_number) {
        push(What::Named { message, external: external.to_owned() });
    }
    match value["status"].as_str().unwrap_or_default() {
        "sent" => push(report(Reported::Reached(Delivery::Sent))),
        "delivered" => push(report(Reported::Reached(Delivery::Delivered))),
        // 'played' is told of a voice message, after it was read.
        "read" | "played" => push(report(Reported::Reached(Delivery::Seen))),
        "failed" => push(report(Reported::Failed(failure(&value["errors"][0])))),
        "deleted" => push(report(Reported::TakenBack)),
        other => push(notice(NoticeKind::Unknown, &format!("the status '{other}'"))),
    }
    if let Some(category) = value["pricing"]["category"].as_str().filter(|category| category.len() <= 64) {
        push(report(Reported::Priced {
            category: category.to_owned(),
            is_billed: is_billed(&value["pricing"]),
        }));
    }
}

/// The field `billable` is to be replaced by `type`, which says why something is free.
fn is_billed(pricing: &Value) -> bool {
    pricing["billable"].as_bool().unwrap_or(pricing["type"] == "regular")
}

fn failure(error: &Value) -> String {
    let code = error["code"].as_u64().and_then(|code| u32::try_from(code).ok()).unwrap_or_default();
    let told = [&error["error_data"]["details"], &error["message"], &error["title"]];
    words_of(code, told.into_iter().find_map(Value::as_str).unwrap_or_default())
}
