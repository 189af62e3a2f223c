import { define } from '../../base/words';

/** Words of breaks. */
export const w = define(
  {
    away: (many: number) => `Fuera ahora: ${many}`,
    next: 'Quién sigue',
    due: 'Vuelve',
    open: 'sin turno',
    over: (span: string) => `pasada en ${span}`,
    overstays: 'Pausas largas hoy',
    today: 'Pausas hoy',
    turn: 'Turno',
    minutes: 'Minutos',
    leaving: 'sale al terminar lo que tiene',
    granted: (time: string) => `le toca ya, hasta las ${time}`,
    promised: (time: string, minutes: number) => `a las ${time}, en ${minutes} min`,
    places: (reason: string, taken: number, most: number, minutes: number) => `${reason}: ${taken} de ${most} lugares, ${minutes} min cada uno`,
  },
  {
    away: (many: number) => `Away now: ${many}`,
    next: 'Who is next',
    due: 'Back at',
    open: 'without turns',
    over: (span: string) => `over by ${span}`,
    overstays: 'Long breaks today',
    today: 'Breaks today',
    turn: 'Turn',
    minutes: 'Minutes',
    leaving: 'goes after the present contact',
    granted: (time: string) => `now, until ${time}`,
    promised: (time: string, minutes: number) => `at ${time}, in ${minutes} min`,
    places: (reason: string, taken: number, most: number, minutes: number) => `${reason}: ${taken} of ${most} places, ${minutes} min each`,
  },
);
