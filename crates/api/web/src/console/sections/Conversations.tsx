import { get, post, type Forms } from '../../base/http';
import { timeOfDay } from '../../base/clock';
import { live } from '../../base/live';
import { Problem } from '../../base/problem';
import { wordsOf } from '../../base/said';
import { tell } from '../../base/ui/Toasts';
import { language } from '../../base/words';
import { Since } from '../../wall/parts/Since';
import { every, moment } from '../days';
import { useLoad } from '../load';
import { Loading } from '../parts/Loading';
import { Pick } from '../parts/Pick';
import { Table } from '../parts/Table';
import { agentName, queueName, site } from '../site';
import { w } from '../words';
import { w as c } from '../words/conversations';

type Conversation = Forms['ConversationForm'];
type Message = Forms['MessageForm'];

/** Written conversations that are open, and what was said in one. */
export function Conversations({ what }: { what: string | null }) {
  const number = Number(what);
  return what !== null && Number.isInteger(number) ? <One number={number} /> : <All />;
}

const channelWord = (channel: string) => {
  const t = c.value;
  const known: Record<string, string> = { chat: t.chat, whatsapp: t.whatsapp, email: t.email };
  return known[channel] ?? channel;
};

function stageWord(one: Conversation): string {
  const t = c.value;
  return { bot: t.bot, waiting: t.waiting, agent: t.agent, parked: t.parked, done: t.done }[one.stage];
}

/** Until when words of one's own may be sent on WhatsApp. */
function windowWord(one: Conversation, at: number): string {
  if (one.free_until == null) return '';
  return one.free_until * 1_000 <= at ? c.value.closed : timeOfDay(one.free_until * 1_000, language.value);
}

/** What a plan without written channels has. */
const NONE: Forms['Conversations'] = { conversations: [], open: 0 };

function All() {
  const t = c.value;
  const at = live.value?.at ?? 0;
  const found = useLoad(async () => {
    try {
      return await get('/api/v1/conversations');
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return NONE;
      throw error;
    }
  }, [every(at, 3)]);
  const open = found.value.value;
  const isOff = open === NONE;
  return (
    <section class="stack" aria-labelledby="conversations">
      <h3 id="conversations">{t.open(open?.open ?? 0)}</h3>
      {isOff && <p class="soft">{t.none}</p>}
      <Loading of={found}>
        {(all) => (
          <Table
            caption={t.open(all.open)}
            rows={all.conversations}
            keyOf={(one) => one.conversation}
            toneOf={(one) => (one.stage === 'waiting' ? 'warn' : '')}
            columns={[
              { head: t.person, cell: (one) => <a href={`#/conversations/${one.conversation}`}>{one.name ?? one.address ?? t.someone}</a> },
              { head: t.channel, cell: (one) => channelWord(one.channel) },
              { head: w.value.queue, cell: (one) => (one.queue == null ? '' : queueName(one.queue)) },
              { head: t.stage, cell: (one) => [stageWord(one), one.agent == null ? '' : agentName(one.agent)].join(' ').trim() },
              { head: t.last, cell: (one) => <span dir="auto">{one.last_words?.slice(0, 80) ?? ''}</span> },
              { head: t.waits, cell: (one) => (one.waits_since == null ? '' : <Since at={one.waits_since * 1_000} />), isNumber: true },
              { head: t.window, cell: (one) => windowWord(one, at) },
              { head: w.value.do, cell: (one) => <Deeds of={one} done={found.again} /> },
            ]}
          />
        )}
      </Loading>
    </section>
  );
}

function Deeds({ of: one, done }: { of: Conversation; done: () => void }) {
  const t = c.value;
  const who = String(one.conversation);
  if (one.agent == null || one.stage === 'waiting') return null;
  const pass = async (queue: string) => {
    const sent = post('/api/v1/conversations/{conversation}/deeds', { do: 'to-queue', queue }, { conversation: one.conversation });
    await tell(sent, t.moved(queueName(queue)));
    done();
  };
  const queues = (site.value?.queues ?? []).map((queue): [string, string] => [queue.name, queue.display]);
  return <Pick word={t.toQueue} label={t.toQueueIt(who)} choices={queues} onPick={(queue) => void pass(queue)} />;
}

function One({ number }: { number: number }) {
  const t = c.value;
  const at = live.value?.at ?? 0;
  const found = useLoad(
    () => get('/api/v1/conversations/{conversation}/messages', { most: 200 }, { conversation: number }),
    [number, every(at, 3)],
  );
  return (
    <section class="stack" aria-labelledby="conversation">
      <p>
        <a href="#/conversations">{t.back}</a>
      </p>
      <h3 id="conversation">{t.messages(number)}</h3>
      <Loading of={found}>
        {({ messages }) =>
          messages.length === 0 ? (
            <p class="soft">{t.noReaders}</p>
          ) : (
            <ol class="plain stack">
              {messages.map((one) => (
                <li key={one.id}>
                  <b>{whose(one)}</b> <span class="soft">{moment(one.at * 1_000)}</span>
                  <p class="said" dir="auto">
                    {wordsOf(one.body, t)}
                  </p>
                </li>
              ))}
            </ol>
          )
        }
      </Loading>
    </section>
  );
}

function whose(one: Message): string {
  const t = c.value;
  if (one.by === 'agent') return t.agentIs(one.agent ?? '');
  return one.by === 'citizen' ? t.citizen : one.by === 'bot' ? t.assistant : t.notice;
}
