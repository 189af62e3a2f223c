//! What an agent's page needs for its phone.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Kind, Problem};
use crate::state::Api;
use crate::who::Who;

/// How a page registers its phone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PhoneForm {
    /// Its address of record, such as `sip:1001@pbx.example`. The page needs no password while its session lasts.
    uri: String,
    /// Where it connects, by a WebSocket of the sub-protocol `sip`, at the host of the page.
    address: &'static str,
    /// For how many seconds it registers.
    expires: u64,
}

/// How the agent's page registers its phone: at the seat where the agent sits.
#[utoipa::path(get, path = "/api/v1/desk/phone", tag = "desk", responses(
    (status = 200, body = PhoneForm), (status = 304), (status = 401, body = Problem),
    (status = 404, body = Problem, description = "there are no browser phones, or the user is no agent of the plan"),
    (status = 409, body = Problem, description = "the agent sits nowhere"),
    (status = 503, body = Problem), (status = 504, body = Problem)))]
pub(crate) async fn phone(State(api): State<Arc<Api>>, who: Who) -> Result<Json<PhoneForm>, Problem> {
    let Some(extension) = who.principal.scope.agent.clone() else {
        return Err(Problem::new(Kind::NotFound, "this user is no agent: it has no extension"));
    };
    let (plan, seat) = api.off(move |site| (site.plan(), site.seat_of(&extension))).await?;
    if plan.browser.is_none() {
        return Err(Problem::new(Kind::NotFound, "there are no browser phones: the plan has no [browser]"));
    }
    let seat = seat.map_err(not_seated)?;
    let expires = plan.sip.expires.2.as_secs();
    Ok(Json(PhoneForm { uri: format!("sip:{seat}@{}", plan.sip.domain), address: "/sip", expires }))
}

/// Where an agent sits.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SeatForm {
    /// The extension of the seat; `null`: at none.
    seat: Option<String>,
}

/// The seat where the agent sits: orders `sit` and `leave` change it.
#[utoipa::path(get, path = "/api/v1/desk/seat", tag = "desk", responses(
    (status = 200, body = SeatForm), (status = 304), (status = 401, body = Problem),
    (status = 404, body = Problem, description = "the user is no agent of the plan"),
    (status = 503, body = Problem), (status = 504, body = Problem)))]
pub(crate) async fn seat(State(api): State<Arc<Api>>, who: Who) -> Result<Json<SeatForm>, Problem> {
    let Some(extension) = who.principal.scope.agent.clone() else {
        return Err(Problem::new(Kind::NotFound, "this user is no agent: it has no extension"));
    };
    match api.off(move |site| site.seat_of(&extension)).await? {
        Ok(seat) => Ok(Json(SeatForm { seat: Some(seat) })),
        Err(Kind::Refused) => Ok(Json(SeatForm { seat: None })),
        Err(kind) => Err(not_seated(kind)),
    }
}

fn not_seated(kind: Kind) -> Problem {
    let detail = if kind == Kind::NotFound {
        "the plan has no agent with the extension of this user"
    } else if kind == Kind::Refused {
        "the agent sits at no seat; sit down first"
    } else {
        "turno has not answered in time"
    };
    Problem::new(kind, detail)
}
