"""One talk between Firefox and baresip through turno, in both directions, by frequency; run by hand as root:

    unshare --net python3 tests/tests/wire/firefox_talk.py target/debug/turno

Firefox takes no address of loopback for ICE, so everything runs in a network of its own that leads nowhere: a veth
pair with three addresses and a default route. Needs firefox-esr, baresip, node and `make packages`.
"""

import glob
import math
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
import wave

TURNO, AGENT, PAGE = "10.9.0.1", "10.9.0.3", "10.9.0.9"
TONES = (300, 440, 600, 800, 1000)
PAGES_TONE, AGENTS_TONE = 600, 1000
TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
TALK = 25
MODULES = ("/usr/lib/baresip/modules", "/usr/lib/x86_64-linux-gnu/baresip/modules", "/usr/local/lib/baresip/modules")


def network():
    for line in [
        "link set lo up",
        "link add v0 type veth peer name v1",
        "link set v0 up",
        "link set v1 up",
        *(f"addr add {ip}/24 dev v0" for ip in (TURNO, AGENT, PAGE)),
        "route add default via 10.9.0.254 dev v0",
    ]:
        subprocess.run(["ip", *line.split()], check=True)


def write_tone(path, hertz, seconds):
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        samples = (int(8000 * math.sin(2 * math.pi * hertz * (at % 8000) / 8000)) for at in range(8000 * seconds))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))


def shares(path):
    """How much of the loudest second each tone is."""
    with wave.open(path) as file:
        rate, many, channels = file.getframerate(), file.getnframes(), file.getnchannels()
        samples = struct.unpack(f"<{many * channels}h", file.readframes(many))[::channels]
    seconds = [samples[at : at + rate] for at in range(0, max(1, len(samples) - rate), rate)]
    second = max(seconds, key=lambda part: sum(it * it for it in part))
    energy = sum(it * it for it in second) or 1
    found = {}
    for hertz in TONES:
        turn = 2 * math.pi * hertz / rate
        cosine = sum(it * math.cos(turn * at) for at, it in enumerate(second))
        sine = sum(it * math.sin(turn * at) for at, it in enumerate(second))
        found[hertz] = round((cosine**2 + sine**2) * 2 / len(second) / energy, 3)
    return found


def plan(folder):
    with open(os.path.join(TOP, "sip-config/lab/lab.toml"), encoding="utf-8") as file:
        text = file.read()
    for before, after in [
        ("udp:127.0.0.1", f"udp:{TURNO}"),
        ("tcp:127.0.0.1", f"tcp:{TURNO}"),
        ('"127.0.0.0/8"', '"10.9.0.0/24"'),
        ('"../prompts"', f'"{TOP}/sip-config/prompts"'),
        ('"../music/hold.wav"', f'"{TOP}/sip-config/music/hold.wav"'),
        ("[http]", f'[api]\nlisten = "127.0.0.1:8081"\n\n[browser]\nbind = "{TURNO}"\n\n[http]'),
    ]:
        text = text.replace(before, after, 1)
    with open(os.path.join(folder, "plan.toml"), "w", encoding="utf-8") as file:
        file.write(text)


def phone(folder):
    heard = os.path.join(folder, "heard")
    os.makedirs(heard)
    write_tone(os.path.join(folder, "tone.wav"), AGENTS_TONE, 60)
    modules = next(path for path in MODULES if os.path.isdir(path))
    lines = [
        f"sip_listen {AGENT}:5060", "net_interface v0", f"audio_source aufile,{folder}/tone.wav",
        "audio_player aubridge,nobody", "audio_alert aubridge,nobody", "ausrc_srate 8000", "auplay_srate 8000",
        f"snd_path {heard}", f"module_path {modules}", "module g711.so", "module aufile.so", "module aubridge.so",
        "module sndfile.so", "module_tmp account.so", "module_app menu.so",
    ]
    with open(os.path.join(folder, "config"), "w", encoding="utf-8") as file:
        file.write("\n".join(line.replace(" ", "\t", 1) for line in lines) + "\n")
    with open(os.path.join(folder, "accounts"), "w", encoding="utf-8") as file:
        file.write(f"<sip:a001@{TURNO};transport=udp>;auth_user=a001;auth_pass=lab;regint=60;answermode=auto\n")
    open(os.path.join(folder, "contacts"), "w", encoding="utf-8").close()
    return heard


def talking():
    with urllib.request.urlopen("http://127.0.0.1:8080/metrics") as page:
        lines = page.read().decode().splitlines()
    return any(line.startswith("turno_agents{") and 'state="talking"' in line and line.endswith(" 1") for line in lines)


def main():
    turno = os.path.abspath(sys.argv[1])
    network()
    folder = tempfile.mkdtemp(prefix="firefox-talk-")
    script = os.path.join(TOP, "target/node/firefox-talk.mjs")
    shutil.copy(os.path.join(TOP, "tests/tests/wire/browser_voice.mjs"), script)
    plan(folder)
    heard = phone(folder)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [subprocess.Popen([turno, "serve", folder + "/plan.toml", "--state", folder + "/state"], **quiet)]
    try:
        time.sleep(5)
        running.append(subprocess.Popen(["baresip", "-f", folder], stdin=subprocess.PIPE, **quiet))
        time.sleep(5)
        settings = {"BROWSER": "firefox", "TURNO": f"{TURNO}:5060", "OWN": f"{PAGE}:5070", "NUMBER": "7000",
                    "TONE": str(PAGES_TONE), "DEEDS": "6000 hold,9000 resume,12000 restart"}
        page = subprocess.Popen(["node", script], env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True)
        until = time.time() + 90
        while not talking():
            assert time.time() < until, "they never talk"
            time.sleep(0.5)
        time.sleep(TALK)
        page.send_signal(signal.SIGTERM)
        said, _ = page.communicate(timeout=30)
    finally:
        for program in reversed(running):
            program.terminate()
            program.wait()
        os.remove(script)
    line = next(line for line in said.splitlines() if line.startswith('{"heard"'))
    agents = max((shares(path) for path in glob.glob(heard + "/*-dec.wav")), key=lambda found: found[PAGES_TONE])
    shutil.rmtree(folder)
    print("the page:", line)
    print("the phone:", agents)
    assert agents[PAGES_TONE] > 0.5 and f'"{AGENTS_TONE}":' in line and '"sources":[' in line, "not both are heard"


main()
