import { useSignal } from '@preact/signals';
import { get, post, type Forms } from '../../base/http';
import { fault } from '../../base/ui/Toasts';
import { moment } from '../days';
import { useLoad } from '../load';
import { Loading } from '../parts/Loading';
import { Field } from '../parts/Pick';
import { Table } from '../parts/Table';
import { phrases } from '../phrases';
import { w } from '../words';
import { w as q } from '../words/questions';

type Group = Forms['QuestionGroup'];
type Tried = Forms['Tried'];
type Answer = Forms['BotAnswer'];

/** What people asked the assistant and it does not understand, and what other words would change before they go live. */
export function Questions() {
  const t = q.value;
  const typed = useSignal('');
  const found = useLoad(() => get('/api/v1/questions'), []);
  const take = (group: Group) => {
    typed.value = group.about.join(', ');
    document.getElementById('words')?.focus();
  };
  return (
    <div class="stack">
      <p class="soft">{t.about}</p>
      <section class="stack" aria-labelledby="groups">
        <h3 id="groups">{t.notUnderstood}</h3>
        <Loading of={found}>
          {(all) => (
            <>
              <p>
                {t.counts(all.not_understood, all.asked)} {all.since != null && t.since(moment(all.since * 1_000))}
              </p>
              <Table
                caption={t.notUnderstood}
                rows={all.groups}
                keyOf={(group) => `${group.questions[0]?.conversation ?? 0} ${group.questions[0]?.at ?? 0}`}
                columns={[
                  { head: t.subject, cell: (group) => group.about.join(' ') || t.noSubject },
                  { head: t.many, cell: (group) => group.many, isNumber: true },
                  { head: t.examples, cell: (group) => <Examples of={group} /> },
                  {
                    head: w.value.do,
                    cell: (group) => (
                      <button type="button" aria-label={t.tryThese(group.about.join(' '))} onClick={() => take(group)}>
                        {t.tryIt}
                      </button>
                    ),
                  },
                ]}
              />
            </>
          )}
        </Loading>
      </section>
      <Trial typed={typed} />
    </div>
  );
}

function Examples({ of }: { of: Group }) {
  return (
    <ul class="plain questions">
      {of.questions.map((one) => (
        <li key={`${one.conversation} ${one.at}`} dir="auto">
          <a href={`#/conversations/${one.conversation}`}>{one.text}</a>
        </li>
      ))}
    </ul>
  );
}

function Trial({ typed }: { typed: { value: string } }) {
  const t = q.value;
  const procedure = useSignal('');
  const isBusy = useSignal(false);
  const tried = useSignal<Tried | null>(null);
  const problem = useSignal('');
  const run = async (event: Event) => {
    event.preventDefault();
    isBusy.value = true;
    problem.value = '';
    tried.value = null;
    const asked = procedure.value.trim();
    try {
      tried.value = await post('/api/v1/questions/try', { words: phrases(typed.value), ...(asked === '' ? {} : { procedure: asked }) });
    } catch (error) {
      problem.value = fault(error);
    }
    isBusy.value = false;
  };
  return (
    <section class="stack" aria-labelledby="trial">
      <h3 id="trial">{t.trial}</h3>
      <p class="soft">{t.trialIs}</p>
      <form class="row fields" onSubmit={(event) => void run(event)}>
        <Field name={t.words}>
          <input id="words" type="text" required maxLength={500} value={typed.value} onInput={(event) => (typed.value = event.currentTarget.value)} />
        </Field>
        <Procedure chosen={procedure} />
        <button type="submit" class="main" disabled={isBusy.value}>
          {isBusy.value ? t.trying : t.run}
        </button>
      </form>
      <div role="status" class="stack">
        {problem.value !== '' && <p class="problem">{problem.value}</p>}
        {tried.value !== null && <Outcome of={tried.value} isProcedure={procedure.value.trim() !== ''} />}
      </div>
    </section>
  );
}

/** The procedure that the words ask for; found by typing, or none. */
function Procedure({ chosen }: { chosen: { value: string } }) {
  const t = q.value;
  const found = useSignal<{ id: string; name: string }[]>([]);
  const look = (text: string) => {
    chosen.value = text;
    if (text.trim() === '') return;
    void get('/api/v1/procedures', { q: text, most: 8 }).then(
      (answer) => {
        // What was asked for before may come later.
        if (chosen.value === text) found.value = (answer as { procedures?: { id: string; name: string }[] }).procedures ?? [];
      },
      () => {},
    );
  };
  return (
    <Field name={t.procedure}>
      <input type="text" list="procedures" autocomplete="off" maxLength={200} value={chosen.value} onInput={(event) => look(event.currentTarget.value)} />
      <datalist id="procedures">
        {found.value.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </datalist>
    </Field>
  );
}

function Outcome({ of, isProcedure }: { of: Tried; isProcedure: boolean }) {
  const t = q.value;
  const kinds: Record<string, string> = { lost: t.isLost, other: t.isOther, newly: t.isNewly };
  return (
    <>
      <p>
        {t.asked(of.asked)} <strong class="good">{t.newly(of.newly)}</strong>, <strong class={of.lost > 0 ? 'bad' : ''}>{t.lost(of.lost)}</strong>, {t.other(of.other)}.
      </p>
      <p>{isProcedure ? t.rowOfProcedure : t.rowOfSame}</p>
      <pre class="row-text" tabIndex={0} aria-label={t.row}>
        {of.row}
      </pre>
      <Table
        caption={t.changed}
        rows={of.changed}
        keyOf={(one) => `${one.question.conversation} ${one.question.at} ${one.question.text}`}
        toneOf={(one) => (one.kind === 'lost' ? 'bad' : one.kind === 'other' ? 'warn' : '')}
        columns={[
          { head: t.question, cell: (one) => <span dir="auto">{one.question.text}</span> },
          { head: t.change, cell: (one) => kinds[one.kind] ?? one.kind },
          { head: t.before, cell: (one) => answerWords(one.before) },
          { head: t.after, cell: (one) => answerWords(one.after) },
        ]}
      />
    </>
  );
}

function answerWords(answer: Answer): string {
  const t = q.value;
  if (answer.verdict === 'unsure') return t.unsure;
  const names = answer.procedures.join(' / ');
  return answer.verdict === 'several' ? t.several(names) : names;
}
