/** Entries of programs: what the program returns is printed, or becomes the title of the page. */
export const printing = "import { program } from './program.mjs';\n\nprogram().then(console.log);\n";
export const showing = `import { program } from './program.mjs';

program().then((result) => {
  document.title = ['done:', result].join(' ');
});
`;
