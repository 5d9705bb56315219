// A system that erases, and sends what it holds, when the desk says so. DESK=https://privacy.example.com PORT=8080 node receiver.mjs
import { createServer } from "node:http";
import { genuine } from "./genuine.mjs";
import { send } from "./send.mjs";

async function desk(address, outcome) {
  const post = outcome && { method: "POST", body: JSON.stringify(outcome) };
  const answer = await fetch(address, { ...post, headers: { accept: "application/json", "content-type": "application/json" } });
  if (!answer.ok) throw new Error(`the desk answered ${answer.status}`); // we answer 500, and it tells us again
  return answer.json();
}

const people = new Set(process.env.PEOPLE?.split(",")); // in place of your database
async function carryOut(task, address, email) {
  if (!people.has(email)) return { outcome: "not_found" };
  if (task === "erasure") people.delete(email);
  else if (task === "access") await send(desk, address, { email });
  else return { outcome: "failed", ground: "this system cannot do that" };
  return { outcome: "done", records: 1 };
}

createServer(async (request, response) => {
  const body = (await request.setEncoding("utf8").toArray()).join("");
  try { await genuine(request.headers, body); } catch { return response.writeHead(401).end(); }
  try {
    const { task, address } = JSON.parse(body).data;
    const { person } = await desk(address);
    await desk(address, await carryOut(task, address, person.email));
    response.writeHead(204).end();
  } catch { response.writeHead(500).end(); }
}).listen(process.env.PORT, "127.0.0.1");
