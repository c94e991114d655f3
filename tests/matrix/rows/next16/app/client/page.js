'use client';

import { useEffect } from 'react';
import { program } from '../../program.mjs';

export default function Page() {
  useEffect(() => {
    program().then((result) => {
      document.title = `done: ${result}`;
    });
  }, []);
  return <main />;
}
