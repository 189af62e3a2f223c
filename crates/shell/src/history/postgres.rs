//! The history in PostgreSQL: one connection, with a small runtime of its own.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use core::time::Duration;

use bytes::BytesMut;
use futures_util::future::try_join_all;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio::runtime::Runtime;
use tokio::time::timeout;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Config, Error, NoTls, Row, Statement as Prepared};
use tokio_postgres_rustls::MakeRustlsConnect;
use turno_history::store::{Dialect, Sql, Statement, Store};
use turno_history::{Failure, Value};
use turno_model::plan::HistoryPlan;

/// How long a connection may take to be made.
const CONNECT_SPAN: Duration = Duration::from_secs(5);

/// How long one request may take. It ends a connection to a machine that has gone without a word.
const REQUEST_SPAN: Duration = Duration::from_secs(60);

/// What a connection begins with: how long a lock and a statement may take.
const BEGINNING: &str =
    "SET lock_timeout = '5s'; SET statement_timeout = '50s'; SET client_min_messages = 'warning'";

/// A database in PostgreSQL.
pub(crate) struct PostgresStore {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    runtime: Runtime,
    client: Option<Connected>,
}

/// A connection with the statements that it has prepared.
struct Connected {
    client: Client,
    prepared: BTreeMap<Arc<str>, Prepared>,
}

impl PostgresStore {
    /// The store at the place that the plan names.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(crate) fn new(plan: &HistoryPlan) -> Result<Self, String> {
        let url = plan.url.as_deref().unwrap_or_default();
        let mut config: Config = url.parse().map_err(|error: Error| why(&error))?;
        if !plan.password.reveal().is_empty() {
            config.password(plan.password.reveal());
        }
        config
            .connect_timeout(CONNECT_SPAN)
            .application_name("turno")
            .keepalives_idle(Duration::from_secs(30));
        let tls = plan.ca.as_deref().map(tls).transpose()?;
        if tls.is_some() {
            config.ssl_mode(tokio_postgres::config::SslMode::Require);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        Ok(Self { config, tls, runtime, client: None })
    }

    fn connect(&self) -> Result<Connected, Failure> {
        let connecting = async {
            // The connection's own task runs while the runtime waits for an answer.
            let client = if let Some(tls) = self.tls.clone() {
                let (client, connection) = self.config.connect(tls).await?;
                drop(tokio::spawn(connection));
                client
            } else {
                let (client, connection) = self.config.connect(NoTls).await?;
                drop(tokio::spawn(connection));
                client
            };
            client.batch_execute(BEGINNING).await?;
            Ok(client)
        };
        let client = within(&self.runtime, connecting)?;
        Ok(Connected { client, prepared: BTreeMap::new() })
    }
}

impl Store for PostgresStore {
    fn transaction(
        &mut self,
        work: &mut dyn FnMut(&mut dyn Sql) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let known = self.client.take().filter(|connected| !connected.client.is_closed());
        let mut connected = known.map_or_else(|| self.connect(), Ok)?;
        let mut open = Open { runtime: &self.runtime, connected: &mut connected };
        open.script("BEGIN")?;
        let done = work(&mut open).and_then(|()| open.script("COMMIT"));
        // After a failure the connection is closed, and with it what was begun.
        done?;
        self.client = Some(connected);
        Ok(())
    }
}

/// A connection with an open transaction.
struct Open<'a> {
    runtime: &'a Runtime,
    connected: &'a mut Connected,
}

impl Open<'_> {
    fn prepare(&mut self, text: &str) -> Result<Prepared, Failure> {
        if let Some(prepared) = self.connected.prepared.get(text) {
            return Ok(prepared.clone());
        }
        let prepared = within(self.runtime, self.connected.client.prepare(text))?;
        self.connected.prepared.insert(text.into(), prepared.clone());
        Ok(prepared)
    }
}

impl Sql for Open<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn script(&mut self, text: &str) -> Result<(), Failure> {
        within(self.runtime, self.connected.client.batch_execute(text))
    }

    fn run(&mut self, text: &str, values: &[Value]) -> Result<u64, Failure> {
        let prepared = self.prepare(text)?;
        let given: Vec<Given<'_>> = values.iter().map(Given).collect();
        within(self.runtime, self.connected.client.execute(&prepared, &parameters(&given)))
    }

    /// All statements are on their way before the first answer is there.
    fn write(&mut self, statements: &[Statement]) -> Result<(), Failure> {
        let mut all = Vec::with_capacity(statements.len());
        for statement in statements {
            let given: Vec<Given<'_>> = statement.values.iter().map(Given).collect();
            all.push((self.prepare(&statement.text)?, given));
        }
        let client = &self.connected.client;
        let asked = all
            .iter()
            .map(|(prepared, given)| async move { client.execute(prepared, &parameters(given)).await });
        within(self.runtime, try_join_all(asked)).map(drop)
    }

    fn rows(&mut self, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, Failure> {
        let prepared = self.prepare(text)?;
        let given: Vec<Given<'_>> = values.iter().map(Given).collect();
        let rows = within(self.runtime, self.connected.client.query(&prepared, &parameters(&given)))?;
        rows.iter().map(row).collect()
    }
}

/// Waits for an answer, at most for [`REQUEST_SPAN`].
fn within<T>(runtime: &Runtime, asked: impl Future<Output = Result<T, Error>>) -> Result<T, Failure> {
    runtime.block_on(async {
        match timeout(REQUEST_SPAN, asked).await {
            Ok(answer) => answer.map_err(|error| failure(&error)),
            Err(_) => Err(Failure::Gone(format!("no answer within {REQUEST_SPAN:?}"))),
        }
    })
}

fn parameters<'a>(given: &'a [Given<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    given.iter().map(|value| -> &(dyn ToSql + Sync) { value }).collect()
}

/// A value as PostgreSQL takes it.
#[derive(Debug)]
struct Given<'a>(&'a Value);

impl ToSql for Given<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn core::error::Error + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) => number.to_sql(kind, out),
            Value::Text(text) => text.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        <i64 as ToSql>::accepts(kind) || <String as ToSql>::accepts(kind)
    }

    to_sql_checked!();
}

fn row(row: &Row) -> Result<Vec<Value>, Failure> {
    (0..row.len()).map(|place| value(row, place).map_err(|error| failure(&error))).collect()
}

/// A column's value; a moment as microseconds since 1970.
fn value(row: &Row, place: usize) -> Result<Value, Error> {
    let kind = row.columns().get(place).map_or(&Type::TEXT, |column| column.type_());
    Ok(match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(place)?.into(),
        Type::INT4 => row.try_get::<_, Option<i32>>(place)?.map(i64::from).into(),
        Type::TIMESTAMPTZ => {
            let moment: Option<SystemTime> = row.try_get(place)?;
            moment.and_then(|moment| moment.duration_since(UNIX_EPOCH).ok()).into()
        }
        Type::VOID => Value::Null,
        _ => row.try_get::<_, Option<String>>(place)?.into(),
    })
}

/// TLS that accepts certificates of these authorities alone.
fn tls(ca: &Path) -> Result<MakeRustlsConnect, String> {
    let unread = |error: &dyn core::fmt::Display| format!("{}: {error}", ca.display());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(ca).map_err(|error| unread(&error))? {
        let certificate = certificate.map_err(|error| unread(&error))?;
        roots.add(certificate).map_err(|error| unread(&error))?;
    }
    if roots.is_empty() {
        return Err(unread(&"there is no certificate in it"));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// An error with its cause, which the library's own text leaves out.
fn why(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = core::error::Error::source(error);
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}

fn failure(error: &Error) -> Failure {
    let text = why(error);
    let Some(state) = error.code() else { return Failure::Gone(text) };
    let of = |states: &[SqlState]| states.contains(state);
    let class = state.code().get(..2).unwrap_or_default();
    if of(&[
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::QUERY_CANCELED,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
    ]) {
        Failure::Locked(text)
    } else if of(&[SqlState::DISK_FULL, SqlState::OUT_OF_MEMORY]) {
        Failure::Full(text)
    } else if class == "28"
        || of(&[
            SqlState::INSUFFICIENT_PRIVILEGE,
            SqlState::INVALID_CATALOG_NAME,
            SqlState::READ_ONLY_SQL_TRANSACTION,
        ])
    {
        Failure::Denied(text)
    } else if of(&[SqlState::DATA_CORRUPTED, SqlState::INDEX_CORRUPTED]) {
        Failure::Corrupt(text)
    } else if class == "57" || class == "08" || class == "53" {
        Failure::Gone(text)
    } else {
        Failure::Other(text)
    }
}
