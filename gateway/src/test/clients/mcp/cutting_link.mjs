// A link to a gateway that breaks whenever word of progress has passed it. Prints the port it listens on.
//   node cutting_link.mjs PORT
import net from 'node:net';

const port = Number(process.argv[2]);
const link = net.createServer((near) => {
  const far = net.connect(port, '127.0.0.1');
  far.on('data', (piece) => {
    near.write(piece, () => {
      if (piece.includes('notifications/progress')) {
        near.destroy();
        far.destroy();
        console.error('cut');
      }
    });
  });
  near.on('data', (piece) => far.write(piece));
  for (const [one, other] of [[near, far], [far, near]]) {
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
});
link.listen(0, '127.0.0.1', () => console.log(link.address().port));
