// Menus, in messages and windows, as the browser's own lists: they know the keyboard and screen readers.

import { h } from "./dom.js";

const CHOICES = {
  3: (menu) => menu.options.map((each) => [each.value, each.label, each.description]),
  5: (_, guild) => members(guild),
  6: (_, guild) => roles(guild),
  7: (_, guild) => [...members(guild), ...roles(guild)],
  8: (_, guild) => guild.state.channels.map((each) => [each.id, each.name]),
};

const members = (guild) => guild.state.members.map((each) => [each.id, each.name]);
const roles = (guild) => guild.state.roles.map((each) => [each.id, each.name]);

/** A list of what a menu offers. */
export function selectMenu(menu, guild, id) {
  const isMultiple = (menu.max_values ?? 1) > 1;
  const defaults = (menu.options ?? []).filter((each) => each.default).map((each) => each.value);
  const list = h("select", { id, multiple: isMultiple, disabled: menu.disabled === true, "data-key": id });
  if (!isMultiple) list.append(h("option", { value: "" }, menu.placeholder ?? "Make a selection"));
  for (const [value, label, description] of CHOICES[menu.type](menu, guild)) {
    const option = h("option", { value }, description ? `${label} — ${description}` : label);
    option.selected = defaults.includes(value);
    list.append(option);
  }
  return list;
}
