//! The flow to a trunk, and the trunk at the other end of a flow.

use turno_calls::Target;
use turno_ground::{Flow, Transport, is_within};
use turno_model::plan::{TrunkPlan, TrunkTrust};
use turno_model::{Plan, TrunkId};
use turno_sip::{Message, OutInvite};

use crate::call_purpose::Outside;
use crate::parts::local_for;
use crate::srtp_policy::srtp_policy;
use crate::trunks::Trunks;
use crate::trunks::identity::{account_at, identity_at, user_part};
use crate::trunks::state::TrunkState;
use crate::user::user_of;

impl Trunks {
    /// The trunk that this remote address belongs to: by its list of networks, or by the addresses that its host
    /// resolved to. A trunk that must show a certificate has shown it to TLS before its messages arrive here.
    pub(crate) fn at(&self, flow: Flow, plan: &Plan) -> Option<TrunkId> {
        self.all_at(flow, plan).next().map(|(trunk, _)| trunk)
    }

    /// Of several accounts at one carrier, the one whose user is in the Request-URI, since we registered it as our
    /// Contact (RFC 3261, 10.2).
    pub(crate) fn by_account(&self, message: &Message, flow: Flow, plan: &Plan) -> Option<TrunkId> {
        let mut all = self.all_at(flow, plan);
        let first = all.next()?;
        let mut others = all.peekable();
        others.peek()?;
        let asked = user_of(message.request_uri())?;
        let is_meant = |trust: &TrunkTrust| match trust {
            TrunkTrust::Registration { username, .. } => user_part(username) == asked,
            TrunkTrust::Addresses(_) | TrunkTrust::Digest { .. } => false,
        };
        core::iter::once(first).chain(others).find(|(_, trunk)| is_meant(&trunk.trust)).map(|(id, _)| id)
    }

    fn all_at<'a>(&'a self, flow: Flow, plan: &'a Plan) -> impl Iterator<Item = (TrunkId, &'a TrunkPlan)> {
        let source = flow.remote.ip();
        let is_theirs = move |trunk: &TrunkPlan, state: &TrunkState| {
            let has_shown = !trunk.client_certificate || flow.transport == Transport::Tls;
            // No trunk speaks over WebSockets, and all of them may come from the address of one reverse proxy.
            has_shown
                && !flow.transport.is_web()
                && match &trunk.trust {
                    TrunkTrust::Addresses(networks) => {
                        networks.iter().any(|&(net, bits)| is_within(source, net, bits))
                    }
                    TrunkTrust::Digest { .. } => false,
                    TrunkTrust::Registration { .. } => state.has_address(source),
                }
        };
        let all = (0..).map(TrunkId).zip(plan.trunks.iter().zip(self.states.iter()));
        all.filter(move |(_, (trunk, state))| is_theirs(trunk, state)).map(|(id, (trunk, _))| (id, trunk))
    }

    /// Whether calls to a trunk may be tried.
    pub(crate) fn is_in_service(&self, trunk: TrunkId) -> bool {
        self.states.get(trunk.index()).is_some_and(TrunkState::is_in_service)
    }

    /// The flow to the trunk's preferred address.
    pub(super) fn way_to(&self, trunk: TrunkId, plan: &Plan) -> Option<Flow> {
        self.way(trunk, 0, plan)
    }

    /// The INVITE to the next address of the trunk (RFC 3263, 4.3).
    pub(crate) fn target(&self, outside: &Outside, plan: &Plan) -> Option<Target> {
        let flow = self.way(outside.trunk, outside.tried, plan)?;
        let identity = identity_at(plan, outside.trunk, flow)?;
        let trunk = plan.trunks.get(outside.trunk.index())?;
        let credentials = account_at(trunk).map(|(user, password)| (user.to_owned(), password.clone()));
        let uri = format!("sip:{}@{}", outside.number, identity.domain);
        let invite = OutInvite {
            to: format!("<{uri}>"),
            uri,
            flow,
            from: identity.from,
            contact_user: identity.contact_user,
            route: self.states[outside.trunk.index()].own.service_route().to_vec(),
            headers: identity.asserted.into_iter().collect(),
            sdp: None,
            credentials,
        };
        let srtp = srtp_policy(trunk.srtp, trunk.transport);
        Some(Target { is_trunk: true, ..Target::new(invite, srtp) })
    }

    fn way(&self, trunk: TrunkId, tried: usize, plan: &Plan) -> Option<Flow> {
        let of_trunk = plan.trunks.get(trunk.index())?;
        let remote = self.states.get(trunk.index())?.address(tried)?;
        let mut local = local_for(plan, of_trunk.transport, remote.ip())?;
        if of_trunk.transport.is_reliable() {
            local.set_port(0);
        }
        Some(Flow { transport: of_trunk.transport, local, remote })
    }
}
