import { keep, kept } from './shelf';

/** Words, or a choice, that the person has sent. Their number makes sure that turno takes them once, however often they are sent. */
export type Deed = { do: 'say'; client: string; text: string } | { do: 'choose'; client: string; id: string; title: string };

export interface Unsent {
  deed: Deed;
  /** `waiting`: turno has not said that it has it; `kept`: it has, and the log will show it; `refused`: it never will. */
  state: 'waiting' | 'kept' | 'refused';
  /** Why it was refused. */
  why?: string;
}

const KEPT = 'turno.chat.outbox';
/** More would not fit into what a browser keeps. */
const MOST = 100;

/** A number that no other message has, also where the browser is old or the page has no TLS. */
export function number(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What has not been sent, in order; it survives a reload. */
export class Outbox {
  all: Unsent[] = read();

  add(deed: Deed): boolean {
    if (this.all.length >= MOST) return false;
    this.all = [...this.all, { deed, state: 'waiting' }];
    this.write();
    return true;
  }

  /** The first that is to be sent. */
  first(): Deed | undefined {
    return this.all.find((one) => one.state === 'waiting')?.deed;
  }

  kept(client: string): void {
    this.change(client, { state: 'kept' });
  }

  refused(client: string, why: string): void {
    this.change(client, { state: 'refused', why });
  }

  remove(client: string): void {
    this.all = this.all.filter((one) => one.deed.client !== client);
    this.write();
  }

  /** The log has these. */
  shown(clients: ReadonlySet<string>): void {
    if (!this.all.some((one) => clients.has(one.deed.client))) return;
    this.all = this.all.filter((one) => !clients.has(one.deed.client));
    this.write();
  }

  private change(client: string, how: Partial<Unsent>): void {
    this.all = this.all.map((one) => (one.deed.client === client ? { ...one, ...how } : one));
    this.write();
  }

  private write(): void {
    const waiting = this.all.filter((one) => one.state !== 'kept');
    keep(KEPT, waiting.length === 0 ? null : JSON.stringify(waiting));
  }
}

function read(): Unsent[] {
  try {
    const all = JSON.parse(kept(KEPT) ?? '[]') as Unsent[];
    return Array.isArray(all) ? all.filter((one) => typeof one?.deed?.client === 'string') : [];
  } catch {
    return [];
  }
}
