import { define } from '../../base/words';

/** Words of reports. */
export const w = define(
  {
    kind: 'Informe',
    by: 'Por',
    line: 'Línea',
    queues: 'Colas',
    agents: 'Agentes',
    fairness: 'Reparto',
    trunks: 'Troncales',
    codes: 'Códigos',
    numbers: 'Números marcados',
    callers: 'Quienes llaman',
    halfHour: 'Media hora',
    hour: 'Hora',
    day: 'Día',
    week: 'Semana',
    month: 'Mes',
    whole: 'Todo junto',
    figure: 'Cifra',
    plot: (figure: string) => `${figure}: gráfico; los valores están en la tabla`,
  },
  {
    kind: 'Report',
    by: 'By',
    line: 'Line',
    queues: 'Queues',
    agents: 'Agents',
    fairness: 'Fairness',
    trunks: 'Trunks',
    codes: 'Codes',
    numbers: 'Dialled numbers',
    callers: 'Callers',
    halfHour: 'Half hour',
    hour: 'Hour',
    day: 'Day',
    week: 'Week',
    month: 'Month',
    whole: 'All together',
    figure: 'Figure',
    plot: (figure: string) => `${figure}: plot; the values are in the table`,
  },
);

export const kinds = (): [string, string][] => {
  const t = w.value;
  return [
    ['queues', t.queues],
    ['line', t.line],
    ['agents', t.agents],
    ['fairness', t.fairness],
    ['trunks', t.trunks],
    ['codes', t.codes],
    ['numbers', t.numbers],
    ['callers', t.callers],
  ];
};

export const periods = (): [string, string][] => {
  const t = w.value;
  return [
    ['half-hour', t.halfHour],
    ['hour', t.hour],
    ['day', t.day],
    ['week', t.week],
    ['month', t.month],
    ['whole', t.whole],
  ];
};
