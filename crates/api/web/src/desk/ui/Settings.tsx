import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { setTheme, theme, type Theme } from '../../base/start';
import { LanguageButton } from '../../base/ui/SignIn';
import { allowNotifications, notifications } from '../attention';
import { browserForm, choosePhone, wanted } from '../phone/choice';
import { choose, chosen, devices, look, microphone, type Chosen } from '../phone/devices';
import { isEchoing, level, startMeter, stopMeter } from '../phone/meter';
import { tryRing } from '../phone/tones';
import { d } from '../words';
import { Dialog } from './Dialog';
import { Seat } from './Seat';

/** Sound, look and notifications. */
export function Settings({ close }: { close: () => void }) {
  const t = d.value;
  useEffect(() => {
    void look();
    return stopMeter;
  }, []);
  return (
    <Dialog id="settings" title={t.settings} close={close}>
      <Sound />
      <Seat />
      <Look />
      <Notices />
    </Dialog>
  );
}

function Sound() {
  const t = d.value;
  const begin = async (hasEcho: boolean) => {
    await startMeter(hasEcho);
  };
  const isGiven = microphone.value === 'given';
  return (
    <fieldset>
      <legend>{t.devices}</legend>
      {browserForm.value !== null && (
        <div class="row" role="radiogroup" aria-label={t.whichPhone}>
          {(['desk', 'browser'] as const).map((kind) => (
            <label key={kind} class="radio">
              <input type="radio" name="phone" checked={wanted.value === kind} onChange={() => choosePhone(kind)} />
              {kind === 'desk' ? t.deskPhone : t.browserPhone}
            </label>
          ))}
        </div>
      )}
      <div class="pickers">
        <Picker label={t.microphone} kind="audioinput" of="microphone" onChange={() => void (isGiven && begin(isEchoing.value))} />
        <Picker label={t.speaker} kind="audiooutput" of="speaker" />
        <Picker label={t.ringer} kind="audiooutput" of="ringer" />
      </div>
      {microphone.value === 'refused' || microphone.value === 'gone' ? (
        <p class="problem" role="alert">
          {t.denied}
        </p>
      ) : null}
      <label>
        {t.level}
        <meter min={0} max={1} low={0.2} value={level.value} />
      </label>
      <div class="row">
        {!isGiven && (
          <button type="button" onClick={() => void begin(false)}>
            {t.allow}
          </button>
        )}
        <button type="button" aria-pressed={isEchoing.value} onClick={() => (isEchoing.value ? stopMeter() : void begin(true))}>
          {isEchoing.value ? t.stop : t.echo}
        </button>
        <button type="button" onClick={() => void tryRing().catch(() => {})}>
          {t.tryRing}
        </button>
      </div>
      <p class="hint" role="status">
        {isEchoing.value ? t.echoIs : ''}
      </p>
    </fieldset>
  );
}

interface PickerProps {
  label: string;
  kind: MediaDeviceKind;
  of: keyof Chosen;
  onChange?: () => void;
}

function Picker({ label, kind, of, onChange }: PickerProps) {
  const all = devices.value.filter((device) => device.kind === kind && device.deviceId !== '');
  return (
    <label>
      {label}
      <select
        value={chosen.value[of] ?? ''}
        onChange={(event) => {
          choose({ [of]: event.currentTarget.value || null });
          onChange?.();
        }}
      >
        <option value="">{d.value.systemDevice}</option>
        {all.map((device) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || device.deviceId.slice(0, 8)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Look() {
  const t = d.value;
  const now = useSignal<Theme>(theme());
  const names: Record<Theme, string> = { system: t.system, light: t.light, dark: t.dark };
  return (
    <fieldset>
      <legend>{t.look}</legend>
      <div class="row" role="radiogroup" aria-label={t.theme}>
        {(Object.keys(names) as Theme[]).map((one) => (
          <label key={one} class="radio">
            <input
              type="radio"
              name="theme"
              checked={now.value === one}
              onChange={() => {
                now.value = one;
                setTheme(one);
              }}
            />
            {names[one]}
          </label>
        ))}
        <LanguageButton />
      </div>
    </fieldset>
  );
}

function Notices() {
  const t = d.value;
  return (
    <fieldset>
      <legend>{t.notifications}</legend>
      {notifications.value === 'default' ? (
        <button type="button" onClick={() => void allowNotifications()}>
          {t.allowNotifications}
        </button>
      ) : (
        <p>{notifications.value === 'granted' ? `✓ ${t.notificationsOn}` : t.notificationsOff}</p>
      )}
    </fieldset>
  );
}
