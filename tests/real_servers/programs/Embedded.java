// Tomcat, embedded: java -cp 'lib/*' Embedded.java PORT DOCUMENTS WORK
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;

public class Embedded {
    static class Cookies extends HttpServlet {
        @Override protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.addCookie(new Cookie("a", "1"));
            Cookie second = new Cookie("b", "2");
            second.setMaxAge(60);
            second.setHttpOnly(true);
            response.addCookie(second);
            response.setContentType("text/plain");
            response.getWriter().print("hello");
        }
    }

    static class Moved extends HttpServlet {
        @Override protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.sendRedirect("/a.txt");
        }
    }

    static class Empty extends HttpServlet {
        @Override protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            response.setStatus(204);
        }
    }

    static class Refused extends HttpServlet {
        @Override protected void doPost(HttpServletRequest request, HttpServletResponse response) {
            response.setStatus(204);
        }
    }

    static void add(Context context, String name, HttpServlet servlet) {
        Tomcat.addServlet(context, name, servlet);
        context.addServletMappingDecoded("/" + name, name);
    }

    public static void main(String[] arguments) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(arguments[2]);
        tomcat.setHostname("127.0.0.1");
        tomcat.setPort(Integer.parseInt(arguments[0]));
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.getConnector().setProperty("compression", "on");
        tomcat.getConnector().setProperty("compressibleMimeType", "text/plain");
        Context context = tomcat.addContext("", arguments[1]);
        Wrapper files = Tomcat.addServlet(context, "files", new DefaultServlet());
        files.addInitParameter("listings", "true");
        files.addInitParameter("sendfileSize", "-1");
        context.addServletMappingDecoded("/", "files");
        context.addMimeMapping("txt", "text/plain");
        add(context, "cookies", new Cookies());
        add(context, "moved", new Moved());
        add(context, "no-content", new Empty());
        add(context, "refused", new Refused());
        tomcat.start();
        tomcat.getServer().await();
    }
}
