import { signal } from '@preact/signals';
import type { UA } from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession';
import type { Forms } from '../../base/http';
import { chosen, openMicrophone } from './devices';
import type { Phone, PhoneCall, PhoneState } from './phone';

const INSTANCE = 'turno.phone.instance';
const CONTACT = 'turno.phone.contact';
const DIALOG = 'turno.phone.dialog';
/** A registration is renewed so often that a dead page is noticed. */
const EXPIRES_MIN = 120;

/** Why the phone in this page does not register. */
export type Trouble = 'other-desk' | 'refused' | null;
export const trouble = signal<Trouble>(null);

/** The parts of a dialog by which a page that was loaded again takes its call up. */
interface Dialog {
  call_id: string;
  local_tag: string;
  remote_tag: string;
}

/** A phone in this page: JsSIP over the WebSocket of the page's own host, signed in by the session. */
export class BrowserPhone implements Phone {
  readonly kind = 'browser';
  readonly state = signal<PhoneState>('connecting');
  readonly canAnswer = signal(true);
  readonly call = signal<PhoneCall | null>(null);
  private ua: UA | null = null;
  private session: RTCSession | null = null;
  /** The microphone, open for as long as the phone is used: what takes it away is noticed before a call comes. */
  private own: MediaStream | null = null;
  private readonly sound = new Audio();

  constructor(private readonly form: Forms['PhoneForm']) {
    this.sound.autoplay = true;
  }

  readonly keys = {
    answer: () => void this.answer(),
    hangUp: () => this.session?.terminate(),
    hold: (isHeld: boolean) => (isHeld ? this.session?.hold() : this.session?.unhold()),
    mute: (isMuted: boolean) => (isMuted ? this.session?.mute({ audio: true }) : this.session?.unmute({ audio: true })),
    press: (digit: string) => this.session?.sendDTMF(digit, { transportType: 'RFC2833' as never }),
  };

  /** Connects and registers; a call of this page before it was loaded again is taken up. */
  async start(): Promise<void> {
    const { UA, WebSocketInterface } = await import('jssip');
    await this.takeMicrophone();
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const ua = new UA({
      sockets: [new WebSocketInterface(`${scheme}://${location.host}${this.form.address}`)],
      uri: this.form.uri,
      contact_uri: kept(CONTACT, () => `sip:${letters()}@${letters()}.invalid;transport=ws`),
      instance_id: kept(INSTANCE, () => crypto.randomUUID()),
      register_expires: Math.max(EXPIRES_MIN, this.form.expires),
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 2,
      user_agent: 'turno desk',
    });
    ua.on('connecting', () => this.stand('connecting'));
    ua.on('disconnected', () => this.stand('away'));
    ua.on('unregistered', () => this.stand('away'));
    ua.on('registered', () => {
      trouble.value = null;
      this.stand('ready');
      this.takeUp();
    });
    ua.on('registrationFailed', ({ response }) => {
      this.stand('away');
      if (response) trouble.value = response.status_code === 403 ? 'other-desk' : 'refused';
    });
    ua.on('newRTCSession', ({ session, originator }: { session: RTCSession; originator: string }) => {
      if (originator === 'remote') this.on(session);
    });
    this.ua = ua;
    ua.start();
  }

  /** Asks turno whether this phone still has the seat: another desk of the agent may have taken it. */
  askForTheSeat(): void {
    if (this.ua?.isConnected()) this.ua.register();
  }

  /** Connects anew after the session before has ended, which took the registration with it. A call goes on. */
  signInAgain(): void {
    const { transport } = this.ua as unknown as { transport?: { disconnect(): void; connect(): void } };
    transport?.disconnect();
    transport?.connect();
  }

  /** Leaves: no more calls come here. A call that is under way ends. */
  stop(): void {
    this.ua?.stop();
    this.ua = null;
    this.stand('away');
    for (const track of this.own?.getTracks() ?? []) track.stop();
    this.own = null;
  }

  /** Opens the microphone that was chosen, also in a call that is under way. Whether there is one. */
  async takeMicrophone(): Promise<boolean> {
    const stream = await openMicrophone();
    if (stream === null) return false;
    for (const track of this.own?.getTracks() ?? []) track.stop();
    this.own = stream;
    const track = stream.getAudioTracks()[0];
    const sender = this.session?.connection?.getSenders().find((one) => one.track?.kind === 'audio');
    if (track && sender) {
      track.enabled = !(this.call.value?.isMuted ?? false);
      await sender.replaceTrack(track).catch(() => {});
    }
    return true;
  }

  /** Plays what is heard at the headset that was chosen. */
  async useSpeaker(): Promise<void> {
    const sound = this.sound as HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> };
    await sound.setSinkId?.(chosen.value.speaker ?? '').catch(() => {});
  }

  private stand(state: PhoneState): void {
    this.state.value = state;
  }

  private media() {
    return { ...(this.own ? { mediaStream: this.own } : { mediaConstraints: { audio: true, video: false } }), pcConfig: { iceServers: [] } };
  }

  private async answer(): Promise<void> {
    if (this.session?.isInProgress()) this.session.answer(this.media());
  }

  /** Follows a session to its end. */
  private on(session: RTCSession): void {
    if (this.session && !this.session.isEnded()) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.session = session;
    this.call.value = { stage: 'ringing', isHeld: false, isMuted: false };
    const change = (part: Partial<PhoneCall>) => {
      if (this.session === session && this.call.value) this.call.value = { ...this.call.value, ...part };
    };
    const over = () => {
      sessionStorage.removeItem(DIALOG);
      if (this.session !== session) return;
      this.session = null;
      this.call.value = null;
      this.sound.srcObject = null;
    };
    session.on('confirmed', () => {
      change({ stage: 'talking' });
      const { id } = (session as unknown as { _dialog?: { id: Dialog } })._dialog ?? {};
      if (id) sessionStorage.setItem(DIALOG, JSON.stringify(id));
    });
    session.on('hold', () => change({ isHeld: session.isOnHold().local }));
    session.on('unhold', () => change({ isHeld: session.isOnHold().local }));
    session.on('muted', () => change({ isMuted: true }));
    session.on('unmuted', () => change({ isMuted: false }));
    session.on('ended', over);
    session.on('failed', over);
    // turno is the one candidate, so the first own one is enough.
    session.on('icecandidate', (event) => event.ready());
    session.on('peerconnection', ({ peerconnection }) => this.hear(peerconnection as unknown as RTCPeerConnection));
    if (session.connection) this.hear(session.connection as unknown as RTCPeerConnection);
  }

  private hear(connection: RTCPeerConnection): void {
    connection.addEventListener('track', ({ track }) => {
      this.sound.srcObject = new MediaStream([track]);
      void this.useSpeaker();
      void this.sound.play().catch(() => {});
    });
  }

  /** Takes the call up that this page had before it was loaded again (RFC 3891). */
  private takeUp(): void {
    const text = sessionStorage.getItem(DIALOG);
    if (text === null || this.session !== null) return;
    sessionStorage.removeItem(DIALOG);
    const dialog = JSON.parse(text) as Dialog;
    const replaces = `${dialog.call_id};to-tag=${dialog.remote_tag};from-tag=${dialog.local_tag}`;
    const session = this.ua?.call(this.form.uri, { ...this.media(), extraHeaders: [`Replaces: ${replaces}`] });
    if (session) this.on(session as RTCSession);
  }
}

/** Registers as another phone: the desk of this agent elsewhere is let go. */
export function becomeAnother(): void {
  localStorage.removeItem(INSTANCE);
  localStorage.removeItem(CONTACT);
}

function kept(name: string, make: () => string): string {
  const there = localStorage.getItem(name);
  if (there !== null) return there;
  const made = make();
  localStorage.setItem(name, made);
  return made;
}

function letters(): string {
  return crypto.randomUUID().slice(0, 12).replaceAll('-', '');
}
