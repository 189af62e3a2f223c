/** A shape for each state, so that nobody has to tell colours apart. */
const PATHS: Record<string, string> = {
  available: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  ringing: 'M12 2a6 6 0 0 0-6 6v6l-3 4h18l-3-4V8a6 6 0 0 0-6-6zM9 19h6a3 3 0 0 1-6 0z',
  talking: 'M3 3h18v13h-9l-5 5v-5H3z',
  holding: 'M5 4h5v16H5zM14 4h5v16h-5z',
  acw: 'M4 20l1-5L16 4l4 4L9 19zM3 22h18v1H3z',
  aux: 'M4 9h12v6a5 5 0 0 1-5 5H9a5 5 0 0 1-5-5zM17 10h2a3 3 0 0 1 0 6h-2zM7 3h2v4H7zM11 3h2v4h-2z',
  'other-call': 'M4 4h16v16H4zM8 8v8h8V8z',
  alarm: 'M12 2L23 21H1zM11 9v6h2V9zM11 17v2h2v-2z',
  'logged-out': 'M4 11h16v2H4z',
};

export function Shape({ of }: { of: string }) {
  return (
    <svg class="shape" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path fill="currentColor" fill-rule="evenodd" d={PATHS[of] ?? PATHS['available']} />
    </svg>
  );
}
