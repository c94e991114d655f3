/** `npm run dev` asks a portal of ../portal for the login and the service: `PORT=8080 node node.mjs` there. */
export default {
  server: { proxy: { '/api/certs': 'http://localhost:8080', '/login': 'http://localhost:8080' } },
};
