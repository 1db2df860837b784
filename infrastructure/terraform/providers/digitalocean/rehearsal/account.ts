import type { Route } from "landfall/rehearsal";
import { route, type Cloud } from "./cloud.ts";
import { presentRegion, presentSize } from "./presentation.ts";
import { existing, listReply } from "./replies.ts";

const account = {
  droplet_limit: 25,
  floating_ip_limit: 10,
  reserved_ip_limit: 10,
  volume_limit: 100,
  email: "rehearsal@example.org",
  name: "Rehearsal",
  uuid: "b6fr89dbf6d9156cace5f3c78dc9851d957381ef",
  email_verified: true,
  status: "active",
  status_message: "",
  team: { uuid: "5df3e3004a17e242b7c20ca6c9fc25b701a47ece", name: "Rehearsal" },
};

/** The account, and what it can choose from. */
export function accountRoutes(cloud: Cloud): Route[] {
  const { kit } = cloud;
  return [
    route("GET", "/v2/account", () => ({ status: 200, body: { account } })),
    route("GET", "/v2/regions", (request) =>
      listReply("regions", cloud.regions, request, kit, (slug) => presentRegion(cloud, slug)),
    ),
    route("GET", "/v2/sizes", (request) => listReply("sizes", cloud.sizes, request, kit, presentSize)),
    route("GET", "/v2/images", (request) => {
      const kind = request.query.get("type");
      const own = request.query.get("private") === "true" || kind === "application";
      return listReply("images", own ? [] : cloud.images, request, kit, (image) => image);
    }),
    route("GET", "/v2/images/:id", ({ params }) => ({
      status: 200,
      body: {
        image: existing(cloud.images.find(({ id, slug }) => String(id) === params["id"] || slug === params["id"])),
      },
    })),
  ];
}
