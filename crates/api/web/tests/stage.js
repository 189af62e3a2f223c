// A real turno with its agents' phones and callers, and a real browser: what the tests of the pages play on.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Phone } from './sip.js';

const repository = new URL('../../../../', import.meta.url).pathname;
const CHROMIUM = '/usr/bin/chromium';
export const PASSWORD = 'four quiet mountain llamas';
/** Continuous integration is slow. */
export const PATIENCE = Number(process.env.PATIENCE ?? 60_000);
const PLAY_SPAN = 6 * PATIENCE;

const NAMES = ['Agente Uno', 'Atención Dos', 'Agente Tres', 'Agente Cuatro', 'Agente Cinco', 'Agente Seis'];
const CODES = [
  ['11', 'Patente: información', '2m'], ['12', 'Patente: trámite ingresado'], ['21', 'LUAE: información'], ['22', 'LUAE: renovación'],
  ['31', 'Impuesto predial: consulta'], ['32', 'Impuesto predial: reclamo'], ['41', 'Transferencia de dominio'], ['90', 'Llamada equivocada'],
];

function plan(ip) {
  const sound = join(repository, 'sip-config');
  const agents = NAMES.map(
    (display, at) => `[[agent]]\nname = "100${at + 1}"\ndisplay = "${display}"\ndefault_password = "p"\nskills = { luae = 1, patente = 1 }\nauto_login = ${at > 0}\nsupervises = ${at === 5}\nhelps = true\n`,
  );
  const codes = CODES.map(
    ([code, name, target]) => `[[wrap_up_code]]\ncode = "${code}"\nname = "${name}"\n${target ? `handling_target = "${target}"\n` : ''}`,
  );
  return `[site]
name = "Municipio de Quito"
[sip]
listen = ["udp:${ip}:5060"]
domain = "turno"
digest = ["md5"]
options_interval = "none"
requests_per_source_max = "none"
[http]
listen = "${ip}:8080"
[api]
listen = "${ip}:8081"
[media]
ports = [22000, 31999]
inactivity = "none"
prompts = "${sound}/prompts"
music = "${sound}/music/hold.wav"
[[trunk]]
name = "lab"
host = "${ip.replace(/\d+$/, '200')}"
addresses = ["127.0.0.0/8"]
options_interval = "none"
[dial_out]
allow = ["09XXXXXXXX"]
trunk = "lab"
[[number]]
number = "7001"
queue = "luae"
[[number]]
number = "7002"
queue = "patente"
[[hours]]
name = "always"
zone = "America/Guayaquil"
monday_to_friday = ["00:00-24:00"]
saturday = ["00:00-24:00"]
sunday = ["00:00-24:00"]
[[aux_reason]]
name = "lunch"
digit = 1
hours = "always"
span = "30m"
at_once = 1
wait_limit = "15s"
unused = "2m"
[[aux_reason]]
name = "break"
digit = 2
[[aux_reason]]
name = "back_office"
digit = 3
[queue_defaults]
acw = "10m"
ring = "60s"
hold_max = "2m"
handling_target = "3m"
handling_warning = "30s"
handling_marks = [150]
when_nobody = "wait"
when_full = "wait"
answer_on_entry = true
last_agent = "7d"
[[queue]]
name = "luae"
display = "Licencias LUAE"
wrap_up_required = true
[[queue]]
name = "patente"
display = "Patente municipal"
handling_target = "6s"
handling_warning = "3s"
[[dependency]]
name = "registro_civil"
extension = "801"
number = "022551111"
${codes.join('')}${agents.join('')}`;
}

export class Stage {
  /** Starts a turno in a folder of its own; `TURNO_PROGRAM` is the program, `TURNO_AT` a loopback address that nobody uses. */
  static async begin(change = (text) => text) {
    const stage = new Stage();
    stage.ip = process.env.TURNO_AT ?? `127.${64 + Math.floor(Math.random() * 60)}.${process.pid & 255}.1`;
    stage.program = process.env.TURNO_PROGRAM ?? join(repository, 'target/debug/turno');
    stage.folder = mkdtempSync(join(tmpdir(), 'turno-desk-'));
    stage.server = { ip: stage.ip, port: 5060 };
    stage.url = `http://${stage.ip}:8081`;
    stage.phones = [];
    mkdirSync(join(stage.folder, 'plan'));
    writeFileSync(join(stage.folder, 'plan/site.toml'), change(plan(stage.ip)));
    await stage.start();
    return stage;
  }

  async start() {
    const { folder } = this;
    const log = openSync(join(folder, 'turno.txt'), 'a');
    const words = ['serve', join(folder, 'plan'), '--control', join(folder, 'control'), '--state', join(folder, 'state')];
    this.turno = spawn(this.program, words, { stdio: ['ignore', log, log] });
    await until('turno answers', async () => {
      if (this.turno.exitCode !== null) throw new Error(readFileSync(join(folder, 'turno.txt'), 'utf8'));
      return (await fetch(`${this.url}/api/openapi.json`).catch(() => null))?.ok;
    });
  }

  /** SIGKILL; `start` begins another one with the same files. */
  kill() {
    this.turno.kill('SIGKILL');
  }

  user(name, role, agent) {
    const { folder } = this;
    const words = ['user', 'add', name, '--role', role, ...(agent ? ['--agent', agent] : []), '--plan', join(folder, 'plan'), '--state', join(folder, 'state')];
    const added = spawnSync(this.program, words, { input: PASSWORD });
    if (added.status !== 0) throw new Error(String(added.stderr));
  }

  /** Another password: every session of this user ends. */
  ends(name) {
    const words = ['user', 'password', name, '--state', join(this.folder, 'state'), '--plan', join(this.folder, 'plan')];
    const changed = spawnSync(this.program, words, { input: PASSWORD });
    if (changed.status !== 0) throw new Error(String(changed.stderr));
  }

  /** A caller by SIPp, whose voice is an echo of what it hears, for so many milliseconds. */
  sippCaller(number, span) {
    const own = this.ip.replace(/\d+$/, '199');
    const words = ['-sn', 'uac', '-s', number, '-m', '1', '-d', String(span), '-i', own, '-mi', own, '-rtp_echo', '-nostdin', `${this.ip}:5060`];
    const caller = spawn('sipp', words, { stdio: 'ignore', cwd: this.folder });
    return new Promise((done) => caller.on('exit', done));
  }

  /** The phone of an agent, registered. */
  async phone(extension) {
    const phone = await this.somePhone(extension);
    await phone.register('p');
    return phone;
  }

  /** A citizen's phone. */
  caller(number) {
    return this.somePhone(number);
  }

  async somePhone(user) {
    const own = this.ip.replace(/\d+$/, String(10 + this.phones.length));
    const phone = await Phone.at(own, user, this.server);
    this.phones.push(phone);
    return phone;
  }

  /** A browser, with a microphone that plays a tone. */
  async browser(words = []) {
    this.chromium = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', ...words],
    });
    return this.chromium;
  }

  /** What the pages show when a test fails, in the folder for temporary files. */
  async picture() {
    console.error(readFileSync(join(this.folder, 'turno.txt'), 'utf8').split('\n').slice(-25).join('\n'));
    const pages = this.chromium?.contexts().flatMap((context) => context.pages()) ?? [];
    for (const [at, page] of pages.entries()) {
      const path = join(tmpdir(), `turno-desk-failed-${at}.png`);
      await page.screenshot({ path }).then(() => console.error(`see ${path}`), () => {});
    }
  }

  async end() {
    await this.chromium?.close();
    for (const phone of this.phones) phone.close();
    this.turno.kill('SIGTERM');
    await until('turno ends', () => this.turno.exitCode !== null || this.turno.signalCode !== null);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits until it is so; asks ten times a second. */
export async function until(what, isSo) {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    if (await isSo()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`never: ${what}`);
}

/** Signs in on a page by keyboard alone. */
export async function signIn(page, url, name) {
  await page.goto(url);
  await page.waitForSelector('input[name=name]');
  await page.keyboard.type(name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
}

/** Runs a test and says how it ended. */
export async function play(name, scene, change) {
  const stage = await Stage.begin(change);
  const late = setTimeout(() => {
    console.error(`not ok: ${name}: not done in ${PLAY_SPAN / 1_000} s`);
    stage.kill();
    process.exit(1);
  }, PLAY_SPAN);
  try {
    await scene(stage);
    console.log(`ok: ${name}`);
  } catch (error) {
    await stage.picture();
    throw error;
  } finally {
    await stage.end();
    clearTimeout(late);
  }
}
