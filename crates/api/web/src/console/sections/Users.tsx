import { useSignal } from '@preact/signals';
import { get, post, put, remove, type Forms } from '../../base/http';
import { ask } from '../../base/ui/Confirm';
import { tell } from '../../base/ui/Toasts';
import { moment } from '../days';
import { useLoad } from '../load';
import { Loading } from '../parts/Loading';
import { Field } from '../parts/Pick';
import { Table } from '../parts/Table';
import { isOperator, queueName } from '../site';
import { w } from '../words';
import { w as u } from '../words/office';

type Role = Forms['RoleWord'];
type Scope = Forms['ScopeForm'];

/** Users, for operators, and tokens. */
export function Users() {
  return (
    <div class="stack">
      <Tokens />
      {isOperator() && <All />}
    </div>
  );
}

const roleWords = (role: Role) => ({ reader: u.value.reader, agent: u.value.agentRole, supervisor: u.value.supervisor, operator: u.value.operator })[role];

const queuesOf = (scope: Scope) => (scope.queues == null ? w.value.all : scope.queues.map(queueName).join(', '));

function Roles({ of }: { of: Role[] }) {
  return (
    <Field name={u.value.role}>
      <select name="role">
        {of.map((role) => (
          <option key={role} value={role}>
            {roleWords(role)}
          </option>
        ))}
      </select>
    </Field>
  );
}

function Tokens() {
  const t = u.value;
  const found = useLoad(() => get('/api/v1/tokens'), []);
  const made = useSignal<{ token: string; isWall: boolean } | null>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const role = String(data.get('role')) as Role;
    const body = { name: String(data.get('name')).trim(), scope: { role }, days: Number(data.get('days')) };
    await tell(
      post('/api/v1/tokens', body).then((answer) => {
        made.value = { token: answer.token, isWall: role === 'reader' };
      }),
      w.value.done,
    );
    found.again();
  };
  const end = async (token: Forms['TokenForm']) => {
    if (!(await ask(t.endToken, t.endTokenIs(token.name), t.endToken))) return;
    await tell(remove('/api/v1/tokens/{owner}/{name}', { owner: token.owner, name: token.name }), w.value.done);
    found.again();
  };
  return (
    <section class="stack" aria-labelledby="tokens">
      <h3 id="tokens">{t.tokens}</h3>
      <p class="soft">{t.tokensAre}</p>
      <form class="row fields" onSubmit={(event) => void submit(event)}>
        <Field name={t.name}>
          <input name="name" required maxLength={64} pattern="[A-Za-z0-9][A-Za-z0-9._@\-]*" />
        </Field>
        <Roles of={isOperator() ? ['reader', 'supervisor', 'operator'] : ['reader', 'supervisor']} />
        <Field name={t.days}>
          <input name="days" type="number" required min="1" max="366" defaultValue="366" />
        </Field>
        <button type="submit" class="main">
          {t.addToken}
        </button>
      </form>
      {made.value && (
        <div class="card stack made" role="status">
          <strong>{t.tokenIs}</strong>
          <code>{made.value.token}</code>
          {made.value.isWall && (
            <span>
              {t.wallLink}: <code>{`${location.origin}/wall#token=${made.value.token}`}</code>
            </span>
          )}
        </div>
      )}
      <Loading of={found}>
        {(rows) => (
          <Table
            caption={t.tokens}
            rows={rows}
            keyOf={(row) => `${row.owner} ${row.name}`}
            columns={[
              { head: t.name, cell: (row) => row.name },
              { head: t.owner, cell: (row) => row.owner },
              { head: t.role, cell: (row) => roleWords(row.scope.role) },
              { head: t.queues, cell: (row) => queuesOf(row.scope) },
              { head: t.expires, cell: (row) => moment(row.expires * 1e6) },
              { head: t.used, cell: (row) => (row.used == null ? t.never : moment(row.used * 1e6)) },
              {
                head: w.value.do,
                cell: (row) => (
                  <button type="button" class="danger" aria-label={`${t.endToken} ${row.name}`} onClick={() => void end(row)}>
                    {t.end}
                  </button>
                ),
              },
            ]}
          />
        )}
      </Loading>
    </section>
  );
}

function All() {
  const t = u.value;
  const found = useLoad(() => get('/api/v1/users'), []);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? '').trim();
    const agent = text('agent');
    const scope = { role: text('role') as Role, ...(agent ? { agent } : {}) };
    const body = { name: text('name'), scope, password: String(data.get('password')) };
    if (await tell(post('/api/v1/users', body), t.userAdded(body.name))) form.reset();
    found.again();
  };
  const turn = async (user: Forms['UserForm'], active: boolean) => {
    const to = (is: boolean) => put('/api/v1/users/{name}', { scope: user.scope, active: is }, { name: user.name });
    const undo = { word: w.value.undo, run: () => void tell(to(!active)).then(found.again) };
    await tell(to(active), w.value.done, undo);
    found.again();
  };
  const drop = async (user: Forms['UserForm']) => {
    if (!(await ask(t.removeUser, t.removeUserIs(user.name), t.removeUser))) return;
    await tell(remove('/api/v1/users/{name}', { name: user.name }), w.value.done);
    found.again();
  };
  return (
    <section class="stack" aria-labelledby="users">
      <h3 id="users">{t.users}</h3>
      <form class="row fields" autocomplete="off" onSubmit={(event) => void submit(event)}>
        <Field name={t.name}>
          <input name="name" required maxLength={64} pattern="[A-Za-z0-9][A-Za-z0-9._@\-]*" autocomplete="off" />
        </Field>
        <Roles of={['agent', 'supervisor', 'operator', 'reader']} />
        <Field name={t.extension}>
          <input name="agent" maxLength={32} />
        </Field>
        <Field name={t.password}>
          <input name="password" type="password" required minLength={12} maxLength={256} autocomplete="new-password" />
        </Field>
        <button type="submit" class="main">
          {t.addUser}
        </button>
      </form>
      <Loading of={found}>
        {(rows) => (
          <Table
            caption={t.users}
            rows={rows}
            keyOf={(row) => row.name}
            toneOf={(row) => (row.active ? '' : 'warn')}
            columns={[
              { head: t.name, cell: (row) => row.name },
              { head: t.role, cell: (row) => roleWords(row.scope.role) },
              { head: w.value.agent, cell: (row) => row.scope.agent ?? '' },
              { head: t.queues, cell: (row) => queuesOf(row.scope) },
              { head: t.active, cell: (row) => (row.active ? t.yes : t.no) },
              {
                head: w.value.do,
                cell: (row) => (
                  <span class="row tight">
                    <button type="button" aria-label={`${row.active ? t.bar : t.letIn} ${row.name}`} onClick={() => void turn(row, !row.active)}>
                      {row.active ? t.bar : t.letIn}
                    </button>
                    <button type="button" class="danger" aria-label={`${t.removeUser} ${row.name}`} onClick={() => void drop(row)}>
                      {w.value.remove}
                    </button>
                  </span>
                ),
              },
            ]}
          />
        )}
      </Loading>
    </section>
  );
}
