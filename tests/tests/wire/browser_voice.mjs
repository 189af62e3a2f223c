// A page of Chromium, or of Firefox (BROWSER=firefox), that calls turno. The page makes the SDP and has the voice; this script carries the SIP by UDP.
// It writes a line of JSON for each thing that happens. DEEDS is a list of what it does and when, in milliseconds after
// the answer: "1500 hold,3000 resume". At SIGTERM it hangs up and writes what the page has heard.
import dgram from 'node:dgram'
import http from 'node:http'
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const { TURNO, OWN, NUMBER, WAV, TONE, DEEDS } = process.env
const LOOK_SPAN = 50
const [turnoHost, turnoPort] = TURNO.split(':')
const [ownHost, ownPort] = OWN.split(':')
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)
const token = () => Math.random().toString(36).slice(2)

// The page: one connection, whose received voice is looked at by its spectrum.
const PAGE = `<!doctype html><audio id="heard" autoplay></audio><script>
let pc, analyser, told
async function begin() {
  pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
  const own = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } })
  own.getTracks().forEach((track) => pc.addTrack(track, own))
  pc.ontrack = ({ track }) => {
    const stream = new MediaStream([track])
    document.getElementById('heard').srcObject = stream
    const context = new AudioContext()
    analyser = context.createAnalyser()
    analyser.fftSize = 2048
    context.createMediaStreamSource(stream).connect(analyser)
  }
  if (window.RTCRtpScriptTransform && navigator.userAgent.includes('Firefox')) {
    // Without a loudspeaker Firefox's AudioContext stands still, so the tone is read from what has come, in A-law.
    const worker = new Worker(URL.createObjectURL(new Blob(['(' + listen + ')()'])))
    worker.onmessage = ({ data }) => { told = data }
    const ontrack = pc.ontrack
    pc.ontrack = (event) => {
      event.receiver.transform = new RTCRtpScriptTransform(worker)
      ontrack(event)
    }
  }
  return offer({})
}
function listen() {
  const linear = (byte) => {
    const bits = byte ^ 0x55
    const step = (bits >> 4) & 7
    const size = step ? (((bits & 15) << 4) + 0x108) << (step - 1) : ((bits & 15) << 4) + 8
    return bits & 0x80 ? size : -size
  }
  const loudest = (samples) => {
    const energy = samples.reduce((sum, it) => sum + it * it, 0)
    return [300, 440, 600, 800, 1000].find((hertz) => {
      let [cosine, sine] = [0, 0]
      samples.forEach((it, at) => {
        cosine += it * Math.cos(2 * Math.PI * hertz * at / 8000)
        sine += it * Math.sin(2 * Math.PI * hertz * at / 8000)
      })
      return energy > 0 && (cosine * cosine + sine * sine) * 2 / samples.length > energy / 2
    }) ?? 0
  }
  onrtctransform = ({ transformer }) => {
    let heard = []
    const transform = (frame, out) => {
      heard.push(...[...new Uint8Array(frame.data)].map(linear))
      if (heard.length >= 800) {
        postMessage(loudest(heard))
        heard = []
      }
      out.enqueue(frame)
    }
    transformer.readable.pipeThrough(new TransformStream({ transform })).pipeTo(transformer.writable)
  }
}
async function offer(options) {
  await pc.setLocalDescription(await pc.createOffer(options))
  return pc.localDescription.sdp
}
async function answered(sdp) {
  await pc.setRemoteDescription({ type: 'answer', sdp })
}
async function direction(wanted) {
  pc.getTransceivers()[0].direction = wanted
  return offer({})
}
async function look_() {
  const all = [...(await pc.getStats()).values()]
  const inbound = all.find((it) => it.type === 'inbound-rtp') ?? {}
  const outbound = all.find((it) => it.type === 'outbound-rtp') ?? {}
  let hertz = told ?? 0
  if (analyser && told === undefined) {
    const bins = new Float32Array(analyser.frequencyBinCount)
    analyser.getFloatFrequencyData(bins)
    const loudest = bins.indexOf(Math.max(...bins))
    if (bins[loudest] > -60) hertz = Math.round(loudest * analyser.context.sampleRate / analyser.fftSize)
  }
  return { at: Date.now(), hertz, ssrc: inbound.ssrc, received: inbound.packetsReceived ?? 0, lost: inbound.packetsLost ?? 0,
    sent: outbound.packetsSent ?? 0, ice: pc.iceConnectionState, state: pc.connectionState }
}
</script>`

const served = http.createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(PAGE))
await new Promise((listens) => served.listen(0, '127.0.0.1', listens))
const address = `http://localhost:${served.address().port}/`
const { page, close } = process.env.BROWSER === 'firefox' ? await inFirefox(address) : await inChromium(address)

async function inChromium(address) {
  const { chromium } = await import('playwright-core')
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${WAV}`, '--autoplay-policy=no-user-gesture-required',
      '--allow-loopback-in-peer-connection'],
  })
  const page = await browser.newPage()
  page.on('pageerror', (error) => say({ error: String(error) }))
  await page.goto(address)
  return { page, close: () => browser.close() }
}

// Firefox by WebDriver BiDi, without a driver between: its microphone is a tone of its own.
async function inFirefox(address) {
  const { default: WebSocket } = await import('ws')
  const profile = await mkdtemp(join(tmpdir(), 'page-'))
  // Without a microphone that is allowed ICE uses the address of the default route alone, and none of loopback.
  const settings = {
    'permissions.default.microphone': 1, 'media.peerconnection.ice.default_address_only': false,
    'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true,
    'media.navigator.audio.fake_frequency': Number(TONE), 'media.autoplay.default': 0,
    'media.autoplay.blocking_policy': 0, 'media.peerconnection.ice.loopback': true,
    'datareporting.policy.dataSubmissionEnabled': false, 'app.update.enabled': false,
    'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false,
    'services.settings.server': 'data:,#remote-settings-dummy/v1', 'browser.safebrowsing.malware.enabled': false,
    'browser.safebrowsing.phishing.enabled': false, 'extensions.update.enabled': false,
  }
  const lines = Object.entries(settings).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`)
  await writeFile(join(profile, 'user.js'), lines.join('\n'))
  const program = spawn('firefox-esr', ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'],
    { stdio: ['ignore', 'ignore', 'pipe'] })
  const where = await new Promise((found) => {
    let text = ''
    program.stderr.on('data', (more) => {
      text += more
      const at = text.match(/BiDi listening on (ws:\S+)/)
      if (at) found(at[1])
    })
  })
  const socket = new WebSocket(`${where}/session`)
  await new Promise((open) => socket.on('open', open))
  const asked = new Map()
  socket.on('message', (text) => {
    const answer = JSON.parse(text)
    asked.get(answer.id)?.(answer)
    asked.delete(answer.id)
  })
  let count = 0
  const ask = (method, params) => new Promise((done, fails) => {
    count += 1
    asked.set(count, (answer) => answer.type === 'error' ? fails(new Error(answer.message)) : done(answer.result))
    socket.send(JSON.stringify({ id: count, method, params }))
  })
  await ask('session.new', { capabilities: {} })
  const [{ context }] = (await ask('browsingContext.getTree', {})).contexts
  await ask('browsingContext.navigate', { context, url: address, wait: 'complete' })
  const evaluate = async (deed, argument) => {
    const call = `(${deed})(${JSON.stringify(argument) ?? ''})`
    const expression = `Promise.resolve(${call}).then((it) => JSON.stringify(it ?? null))`
    const told = await ask('script.evaluate', { expression, target: { context }, awaitPromise: true })
    if (told.type === 'exception') throw new Error(told.exceptionDetails.text)
    return JSON.parse(told.result.value)
  }
  const close = async () => {
    await ask('browser.close', {}).catch(() => program.kill())
    await new Promise((ended) => program.exitCode === null ? program.on('exit', ended) : ended())
    await rm(profile, { recursive: true, force: true })
  }
  return { page: { evaluate }, close }
}

// SIP: one call, with the retransmissions that a killed turno needs.
const socket = dgram.createSocket('udp4')
await new Promise((bound) => socket.bind(Number(ownPort), ownHost, bound))
const callId = token()
const call = { from: `<sip:0991234567@${OWN}>;tag=${token()}`, to: `<sip:${NUMBER}@${TURNO}>`, cseq: 0, target: `sip:${NUMBER}@${TURNO}` }
const pending = new Map()

function send(text) {
  socket.send(text, Number(turnoPort), turnoHost)
}

function message(method, cseq, branch, body = '') {
  return [`${method} ${call.target} SIP/2.0`, `Via: SIP/2.0/UDP ${OWN};branch=${branch};rport`, 'Max-Forwards: 70',
    `From: ${call.from}`, `To: ${call.to}`, `Call-ID: ${callId}`, `CSeq: ${cseq} ${method}`, `Contact: <sip:page@${OWN}>`,
    ...(body ? ['Content-Type: application/sdp'] : []), `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n')
}

function request(method, body) {
  call.cseq += 1
  const [cseq, branch] = [call.cseq, `z9hG4bK${token()}`]
  const text = message(method, cseq, branch, body)
  return new Promise((done) => {
    const again = setInterval(() => send(text), 500)
    pending.set(`${cseq} ${method}`, (status, headers, answer) => {
      clearInterval(again)
      if (status < 200) return
      pending.delete(`${cseq} ${method}`)
      if (headers.to) call.to = headers.to
      if (headers.contact) call.target = headers.contact.match(/<([^>]+)>/)?.[1] ?? call.target
      if (method === 'INVITE') {
        const ack = message('ACK', cseq, status < 300 ? `z9hG4bK${token()}` : branch)
        call.ack = { cseq, ack }
        send(ack)
      }
      done({ status, body: answer })
    })
    send(text)
  })
}

socket.on('message', (bytes) => {
  const text = bytes.toString('latin1')
  const split = text.indexOf('\r\n\r\n')
  if (split < 0) return
  const [first, ...lines] = text.slice(0, split).split('\r\n')
  const headers = {}
  const vias = []
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    if (name === 'via') vias.push(value)
    headers[name] ??= value
  }
  const body = text.slice(split + 4)
  if (first.startsWith('SIP/2.0 ')) {
    const status = Number(first.split(' ')[1])
    const waits = pending.get(headers.cseq)
    if (waits) waits(status, headers, body)
    else if (headers.cseq === `${call.ack?.cseq} INVITE` && status >= 200) send(call.ack.ack)
    return
  }
  const method = first.split(' ')[0]
  if (method === 'ACK') return
  send(['SIP/2.0 200 OK', ...vias.map((via) => `Via: ${via}`), `From: ${headers.from}`, `To: ${headers.to}`,
    `Call-ID: ${headers['call-id']}`, `CSeq: ${headers.cseq}`, 'Content-Length: 0', '', ''].join('\r\n'))
  if (method === 'BYE') say({ bye: headers.reason ?? '' })
})

async function negotiate(offer) {
  const { status, body } = await request('INVITE', offer)
  say({ status, offer: process.env.SHOW_SDP ? offer : undefined, answer: process.env.SHOW_SDP ? body : undefined })
  if (status === 200) await page.evaluate((sdp) => answered(sdp), body)
}

await negotiate(await page.evaluate(() => begin()))
const began = Date.now()

// What was heard: the longest time without a packet, the sources, and for how many looks each tone was the loudest.
const heard = { gap: 0, sources: [], tones: {}, received: 0, sent: 0, states: [] }
let last
let ends = false
let isLooking = false
const looks = setInterval(async () => {
  if (isLooking) return
  isLooking = true
  try {
    const look = await page.evaluate(() => look_())
    if (look.received > heard.received) {
      if (last && !heard.paused) heard.gap = Math.max(heard.gap, look.at - last)
      last = look.at
    }
    heard.received = look.received
    heard.sent = look.sent
    if (look.ssrc && !heard.sources.includes(look.ssrc)) heard.sources.push(look.ssrc)
    if (heard.states.at(-1) !== look.state) heard.states.push(look.state)
    const tone = Math.round(look.hertz / 50) * 50
    if (tone) heard.tones[tone] = (heard.tones[tone] ?? 0) + 1
    if (process.env.SHOW_LOOKS) say(look)
  } catch (error) {
    if (!ends) say({ error: String(error) })
  }
  isLooking = false
}, LOOK_SPAN)

const deeds = {
  hold: async () => negotiate(await page.evaluate(() => direction('sendonly'))),
  resume: async () => negotiate(await page.evaluate(() => direction('sendrecv'))),
  restart: async () => negotiate(await page.evaluate(() => offer({ iceRestart: true }))),
}
for (const deed of (DEEDS ?? '').split(',').filter(Boolean)) {
  const [after, name] = deed.split(' ')
  setTimeout(async () => { await deeds[name](); say({ done: name }) }, Number(after) - (Date.now() - began))
}

process.on('SIGTERM', async () => {
  ends = true
  clearInterval(looks)
  say({ heard })
  await request('BYE')
  await close()
  process.exit(0)
})
