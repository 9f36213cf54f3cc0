//! Sources to measure with: an organisation's workspace of image definitions, as large as asked for.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// What the entries of the workspace share.
pub(crate) const COMPANY: &str = r#"/// What all images of the company share.
import std/linux

/// Where the images are built for.
param env: "dev" | "test" | "prod" = "dev"

let location = "westeurope"
let group = "rg-platform"

existing identity builder { name = "id-image-builder", resource_group = group }
existing storage_account assets { name = "stcompanyassets", resource_group = group }
existing subnet build_vms { vnet = "vnet-build", name = "snet-build", resource_group = "rg-network" }
existing subnet build_containers { vnet = "vnet-build", name = "snet-containers", resource_group = "rg-network" }

existing gallery images {
  name = "company_images"
  resource_group = group

  definition services {
    location = location
    os = linux
    generation = v2
    architecture = x64
  }
}

let tags = { owner = "platform@example.com", environment = env }

let defaults = {
  location = location
  identity = builder
  build = {
    timeout = 2h
    vm_size = "Standard_D2s_v5"
    disk_size = 64GB
    vm_identities = [builder]
    subnet = build_vms
    container_subnet = build_containers
  }
}

/// Where images go; production keeps more replicas.
let regions = [
  { name = location, replicas = env == "prod" ? 3 : 1 },
  { name = "northeurope", replicas = env == "prod" ? 2 : 1 },
]

/// First of all on every image.
recipe baseline() on linux {
  use linux.updates
  use linux.unattended_upgrades
  use linux.time_zone("Europe/Berlin")
}
"#;

/// One entry; `@` stands for its number.
const ENTRY: &str = r#"/// The image of service @: its packages, its configuration and its agent.
import std/linux
import std/marketplace
import "../company.aib"

let service = "service-@"

image service_@ {
  ...company.defaults
  source = marketplace.ubuntu_22_04
  tags = { ...company.tags, service = service }

  customize {
    use company.baseline

    file "configuration" {
      source = company.assets.blob("service-@/app.conf")
      sha256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
      destination = "/tmp/app.conf"
    }

    shell "install" = '''
      sudo apt-get install -y nginx libpq5 jq
      sudo install -m 0644 /tmp/app.conf /etc/nginx/conf.d/app.conf
      sudo systemctl enable nginx
    ''' { provides = ["nginx"] }

    use linux.docker

    shell "pull" = """
      sudo docker pull registry.example.com/${service}:1
      sudo docker tag registry.example.com/${service}:1 ${service}:current
    """ { requires = ["docker"], env = { SERVICE = service } }

    use linux.cleanup
  }

  validate {
    on_failure = stop
    shell "serves" = "curl -fsS http://localhost/health"
  }

  distribute {
    gallery company.images.services {
      regions = company.regions
      versioning = latest(major = 1)
      tags = { service = service, source = "aib" }
    }
  }
}

output image_id = service_@.id
"#;

/// A folder that is removed when it is no longer needed.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// A new folder for temporary files.
    pub(crate) fn new(name: &str) -> Result<Self, Box<dyn Error>> {
        let path = std::env::temp_dir().join(format!("aib-bench-{}-{name}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path.canonicalize()?))
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind is no reason to lose what was measured.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The templates of others that lie beside the project, if they do, without those that are no JSON.
pub(crate) fn collection() -> Option<Vec<PathBuf>> {
    let shared = std::env::var_os("AIB_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let entries = fs::read_dir(shared.join("corpus/arm")).ok()?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    let is_json = |text: String| aib::json::read(aib::base::FileId(0), &text).is_ok();
    files.retain(|path| fs::read_to_string(path).is_ok_and(is_json));
    files.sort();
    Some(files)
}

/// The text of one entry.
pub(crate) fn entry(number: usize) -> String {
    ENTRY.replace('@', &format!("{number:04}"))
}

/// One file with as many images.
pub(crate) fn large_file(images: usize) -> String {
    let mut text = String::from("import std/linux\nimport std/marketplace\nimport \"./company.aib\"\n");
    for number in 0..images {
        let entry = entry(number);
        let body = entry.lines().filter(|line| !line.starts_with("import "));
        let body = body.map(|line| line.replace("let service", &format!("let name_{number}")));
        let body = body.map(|line| line.replace("service = service", &format!("service = name_{number}")));
        let body = body.map(|line| line.replace("= service ", &format!("= name_{number} ")));
        let body = body.map(|line| line.replace("${service}", &format!("${{name_{number}}}")));
        let body = body.map(|line| line.replace("output image_id", &format!("output image_id_{number}")));
        body.for_each(|line| text.extend([line.as_str(), "\n"]));
    }
    text
}

/// Writes a workspace: `company.aib`, and the entries, whose paths it gives.
pub(crate) fn write_workspace(folder: &Path, entries: usize) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    fs::write(folder.join("aib.toml"), "")?;
    fs::write(folder.join("company.aib"), COMPANY)?;
    fs::create_dir_all(folder.join("images"))?;
    let paths = (0..entries).map(|n| folder.join(format!("images/service-{n:04}.aib")));
    let paths: Vec<PathBuf> = paths.collect();
    for (number, path) in paths.iter().enumerate() {
        fs::write(path, entry(number))?;
    }
    Ok(paths)
}
