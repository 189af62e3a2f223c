import { w } from '../base/common';
import { follow, live } from '../base/live';
import { start } from '../base/start';
import { useEffect } from 'preact/hooks';

function Desk() {
  useEffect(() => follow(), []);
  return (
    <main>
      <h1>{w.value.desk}</h1>
      <p>{live.value?.room.site ?? w.value.connecting}</p>
    </main>
  );
}

start(Desk);
