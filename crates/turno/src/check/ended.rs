//! What of a plan has ended by today, or ends soon: holidays and the certificate.

use core::time::Duration;

use jiff::{Timestamp, Zoned};
use turno_model::{Language, Plan};

/// A certificate that ends within this time is warned of: TurnoCertificateEndsSoon alerts at the same.
const SOON: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// A sentence for each; `certificate` is when the certificate ends, in seconds since 1970.
pub(crate) fn ended(
    plan: &Plan,
    certificate: Option<i64>,
    now: Timestamp,
    language: Language,
) -> Vec<String> {
    let mut said = Vec::new();
    for hours in &plan.hours {
        let today = Zoned::new(now, hours.zone.clone()).date();
        if let Some(last) = hours.holidays.last().filter(|last| **last < today) {
            let name = &hours.name;
            said.push(match language {
                Language::English => format!(
                    "all holidays of the hours `{name}` are past, the last was {last}: add those to come, or the line \
                     is open then"
                ),
                Language::Spanish => format!(
                    "todos los feriados del horario `{name}` ya pasaron, el último fue {last}: agregue los próximos, o \
                     la línea estará abierta en ellos"
                ),
            });
        }
    }
    let end = certificate.and_then(|end| Timestamp::from_second(end).ok());
    if let (Some(end), Some(tls)) = (end, &plan.sip.tls) {
        let file = tls.certificate.display();
        let day = end.strftime("%Y-%m-%d %H:%M UTC");
        let is_soon = end.duration_since(now).unsigned_abs() < SOON;
        match (end <= now, language) {
            (true, Language::English) => {
                said.push(format!("the certificate {file} ended on {day}: phones refuse it; renew it"));
            }
            (true, Language::Spanish) => {
                said.push(format!(
                    "el certificado {file} venció el {day}: los teléfonos lo rechazan; renuévelo"
                ));
            }
            (false, Language::English) if is_soon => {
                said.push(format!("the certificate {file} ends on {day}: renew it"));
            }
            (false, Language::Spanish) if is_soon => {
                said.push(format!("el certificado {file} vence el {day}: renuévelo"));
            }
            (false, Language::English | Language::Spanish) => {}
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use turno_model::encryption::{TlsPlan, TlsVersion};

    use super::*;

    #[test]
    fn a_plan_of_two_years_ago_is_warned_of_its_holidays_and_its_certificate() {
        let (mut plan, _) =
            turno_config::load(std::path::Path::new("../../sip-config/quito")).expect("a plan");
        plan.sip.tls = Some(TlsPlan {
            certificate: "full.pem".into(),
            key: "key.pem".into(),
            ca: None,
            oldest: TlsVersion::Tls12,
            handshake: Duration::from_secs(5),
            handshakes_max: 1,
            look_interval: Duration::from_secs(60),
        });
        let end = 1_893_456_000; // 2030-01-01
        let told_in = |now: &str, language| ended(&plan, Some(end), now.parse().expect("a time"), language);
        let told = |now: &str| told_in(now, Language::English);
        // The last holiday is still that day in Quito.
        assert_eq!(told("2027-12-26T04:59:00Z"), Vec::<String>::new());
        assert!(told("2027-12-26T05:00:00Z")[0].contains("`office` are past, the last was 2027-12-25"));
        assert_eq!(told("2029-12-17T00:00:00Z").len(), 1);
        let soon = &told("2029-12-20T00:00:00Z")[1];
        assert_eq!(soon, "the certificate full.pem ends on 2030-01-01 00:00 UTC: renew it");
        assert!(told("2030-01-01T00:00:00Z")[1].contains("full.pem ended on 2030-01-01"));
        let spanish = told_in("2030-01-01T00:00:00Z", Language::Spanish);
        assert!(spanish[0].contains("el último fue 2027-12-25"), "{spanish:?}");
        assert!(spanish[1].contains("full.pem venció el 2030-01-01"), "{spanish:?}");
    }
}
