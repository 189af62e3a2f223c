import { define } from './words';

/** Words that all pages have in common. */
export const w = define(
  {
    name: 'Usuario',
    password: 'Contraseña',
    signIn: 'Entrar',
    signOut: 'Salir',
    signInTitle: 'Entrar a turno',
    byIssuer: 'Entrar con la cuenta de la institución',
    unreachable: 'turno no responde. Se intenta de nuevo.',
    tryAgainIn: (seconds: number) => `Se puede probar otra vez en ${seconds} s.`,
    lost: (since: string) => `Sin conexión con turno desde hace ${since}. Lo que se ve es de ese momento.`,
    connecting: 'Conectando con turno…',
    oldPage: 'Hay una versión nueva de esta página.',
    reload: 'Cargar de nuevo',
    close: 'Cerrar',
    cancel: 'Cancelar',
    confirm: 'Confirmar',
    language: 'English',
    loggedOut: 'Fuera de turno',
    available: 'Disponible',
    ringing: 'Timbrando',
    talking: 'Hablando',
    holding: 'En espera',
    acw: 'Trabajo posterior',
    aux: 'Pausa',
    otherCall: 'Otra llamada',
    rona: 'no contestó',
    unreachablePhone: 'teléfono sin conexión',
    loggedIn: 'recién conectado',
    incompatible: 'teléfono incompatible',
    lunch: 'almuerzo',
    pause: 'descanso',
    training: 'capacitación',
    meeting: 'reunión',
    backOffice: 'trabajo interno',
    microphone: 'sin micrófono',
    desk: 'Puesto de agente',
    deskIs: 'Atender llamadas con el navegador o con su teléfono',
    wall: 'Pantalla de sala',
    wallIs: 'La sala de un vistazo, para una pantalla grande',
    console: 'Consola de supervisión',
    consoleIs: 'Escuchar, ayudar, mover, informes y registros',
    tokenEnded: 'La clave de esta pantalla ya no vale. En la consola se puede hacer otra.',
    byName: 'Entrar con nombre y contraseña',
    notForYou: 'Su usuario no tiene acceso a esta página.',
  },
  {
    name: 'User',
    password: 'Password',
    signIn: 'Sign in',
    signOut: 'Sign out',
    signInTitle: 'Sign in to turno',
    byIssuer: 'Sign in with your organisation’s account',
    unreachable: 'turno does not answer. Trying again.',
    tryAgainIn: (seconds: number) => `The next try is possible in ${seconds} s.`,
    lost: (since: string) => `No connection to turno for ${since}. What you see is from then.`,
    connecting: 'Connecting to turno…',
    oldPage: 'There is a new version of this page.',
    reload: 'Load again',
    close: 'Close',
    cancel: 'Cancel',
    confirm: 'Confirm',
    language: 'Español',
    loggedOut: 'Logged out',
    available: 'Available',
    ringing: 'Ringing',
    talking: 'Talking',
    holding: 'On hold',
    acw: 'After-call work',
    aux: 'Break',
    otherCall: 'Other call',
    rona: 'did not answer',
    unreachablePhone: 'phone not reachable',
    loggedIn: 'just signed in',
    incompatible: 'incompatible phone',
    lunch: 'lunch',
    pause: 'break',
    training: 'training',
    meeting: 'meeting',
    backOffice: 'back office',
    microphone: 'no microphone',
    desk: 'Agent’s desk',
    deskIs: 'Take calls in the browser, or with your phone',
    wall: 'Wall',
    wallIs: 'The room at a glance, for a large screen',
    console: 'Supervisors’ console',
    consoleIs: 'Listen, help, move, reports and logs',
    tokenEnded: 'The token of this screen has ended. In the console you can make another one.',
    byName: 'Sign in with name and password',
    notForYou: 'Your user has no access to this page.',
  },
);

/** An agent's state in words, with the reason of a break. */
export function stateWords(state: string, reason: string | null): string {
  const t = w.value;
  switch (state) {
    case 'logged-out':
      return t.loggedOut;
    case 'available':
      return t.available;
    case 'ringing':
      return t.ringing;
    case 'talking':
      return t.talking;
    case 'holding':
      return t.holding;
    case 'acw':
      return t.acw;
    case 'other-call':
      return t.otherCall;
    case 'aux':
      return reason === null ? t.aux : `${t.aux}: ${reasonWords(reason)}`;
    default:
      return state;
  }
}

/** A reason of a break in words: those of turno, usual ones, and others as the plan names them. */
export function reasonWords(reason: string): string {
  const t = w.value;
  const known: Record<string, string> = {
    rona: t.rona,
    unreachable: t.unreachablePhone,
    'logged-in': t.loggedIn,
    incompatible: t.incompatible,
    lunch: t.lunch,
    break: t.pause,
    training: t.training,
    meeting: t.meeting,
    back_office: t.backOffice,
    microphone: t.microphone,
  };
  return known[reason] ?? nameWords(reason);
}

/** A name of the plan as people read it. */
export function nameWords(name: string): string {
  return name.replaceAll('_', ' ');
}
