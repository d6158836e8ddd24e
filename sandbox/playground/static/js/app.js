// Puts the page together.

import { Call } from "./call.js";
import { CallPanel } from "./call_panel.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { Curtain } from "./curtain.js";
import { Guild } from "./guild.js";
import { soundForm } from "./loudspeaker.js";
import { Members } from "./members.js";
import { MessageList } from "./message_list.js";
import { Pane } from "./panes.js";
import { Sidebar } from "./sidebar.js";

const connection = new Connection(await soundForm());
const guild = new Guild(connection);
const call = new Call(guild, connection);
const composer = new Composer(guild, connection);
new Sidebar(guild, call);
new CallPanel(guild, call);
new Members(guild, connection);
new MessageList({ guild, connection, reply: (message) => composer.replyingTo(message) });
new Pane("show-sidebar", "sidebar", guild);
const curtain = new Pane("show-curtain", "curtain", guild, null);
const members = new Pane("show-members", "members", guild, () => !curtain.isShown);
new Curtain(curtain, { guild, call, connection });
// There is room for one of them.
members.addEventListener("shown", ({ detail }) => { if (detail) curtain.show(false); });
curtain.addEventListener("shown", ({ detail }) => members.show(!detail && !curtain.isNarrow));
connection.addEventListener("connected", ({ detail }) => document.body.classList.toggle("offline", !detail));

// For a test, which records what is played.
globalThis.playground = { guild, call };
